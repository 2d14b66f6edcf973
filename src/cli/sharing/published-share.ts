import { Failure, isFailure, unlessAbsent } from '../../core/failure.ts';
import type { Remote } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { namedIn, remainingRecipients } from '../../sharing/changes.ts';
import { publishedAt } from '../../sharing/published.ts';
import type { Candidate } from '../../sharing/rekey/begin.ts';
import { secretIn, withoutPreviousPasswords } from '../../sharing/rekey/passwords.ts';
import type { CommandContext } from '../command.ts';
import type { keyFlags } from '../keys.ts';
import { openOwnShare, renewOpenedShare } from './opened-share.ts';

type Context = CommandContext<typeof keyFlags>;

/** The share that is published in a remote whose passwords are about to change. */
export type PublishedShare =
  | { readonly kind: 'none' }
  /** Whoever made it must renew it. */
  | { readonly kind: 'not-ours'; readonly why: string }
  /** `leaving`: words for those who are to leave, and have not. */
  | { readonly kind: 'ours'; readonly key: KeyPair; readonly leaving: readonly string[] };

/** Finds the share and opens it now, so that nobody is asked for a passphrase hours later. Throws Failure('usage') for a
 *  word of `leaving` that names nobody, unless a rekey that was stopped at its end has renewed the share already, and where
 *  somebody is to leave a share that cannot be changed. */
export async function openPublishedShare(
  context: Context,
  spec: string,
  { remote, standing, passwords }: Candidate,
  leaving: readonly string[],
): Promise<PublishedShare> {
  if (!(await isPublished(remote, context.session.signal))) {
    if (leaving.length > 0) throw new Failure('usage', `no share is published in ${spec}, which somebody could leave`);
    return { kind: 'none' };
  }
  try {
    const { share, own } = await openOwnShare(context, spec);
    const shared = share.layers[0]?.options ?? new Map<string, string>();
    const isRenewed = standing.kind !== 'none' && secretIn(shared, 'password') === passwords.password;
    const still = isRenewed ? namedIn(share, leaving) : leaving;
    remainingRecipients(share, still);
    return { kind: 'ours', key: own, leaving: still };
  } catch (error) {
    if (!isFailure(error) || leaving.length > 0) throw error;
    if (error.kind === 'cancelled' || error.kind === 'wrong-password') throw error;
    return { kind: 'not-ours', why: error.message };
  }
}

/** Gives the new passwords of `name:` to those who remain, and the previous ones to nobody. Throws Failure, not to be retried,
 *  which says what is left to do. */
export async function renewPublishedShare(
  context: Context,
  name: string,
  { key, leaving }: Extract<PublishedShare, { readonly kind: 'ours' }>,
): Promise<void> {
  const config = async () => withoutPreviousPasswords(await context.config(), name);
  try {
    await renewOpenedShare({ ...context, config }, await openOwnShare(context, `${name}:`, key), leaving);
  } catch (error) {
    if (!isFailure(error) || error.kind === 'cancelled') throw error;
    throw new Failure(
      'fatal',
      `everything has the new passwords but the share, which still has the old ones (${error.message}): run it again`,
      { cause: error },
    );
  }
}

async function isPublished(remote: Remote, signal: AbortSignal): Promise<boolean> {
  const { remote: store, path } = publishedAt({ remote, path: '' });
  return (await unlessAbsent(store.stat(path, { signal }))) !== null;
}
