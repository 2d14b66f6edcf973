import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure } from '../../core/failure.ts';
import { pause } from '../../core/pause.ts';
import type { Location } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { isMaker, remainingRecipients, renewShare } from '../../sharing/changes.ts';
import type { ShareDocument } from '../../sharing/document.ts';
import { pinOf } from '../../sharing/join-plan.ts';
import { hasCredentials } from '../../sharing/option-roles.ts';
import { checkPin, type Pin } from '../../sharing/pin.ts';
import { readShare, writeShare } from '../../sharing/published.ts';
import { quoted } from '../../sharing/quoted.ts';
import { openShare, sealShare } from '../../sharing/share.ts';
import { stackOf } from '../../sharing/stack.ts';
import { placeName } from '../../transfer/place.ts';
import type { CommandContext } from '../command.ts';
import { type keyFlags, openOwnKey } from '../keys.ts';
import { makerLine, recipientLines, stackLine } from './describe.ts';
import { type FoundShare, findShare } from './found-share.ts';
import { ownPin, rememberShare } from './own-pin.ts';

type Context = CommandContext<typeof keyFlags>;

/** A share that `coffer share list|add|remove` is about. */
export interface OpenedShare {
  readonly share: ShareDocument;
  /** The user's own key, which opened it. */
  readonly own: KeyPair;
  /** What the remote is called in the user's config. */
  readonly name: string;
  /** What that remembers of it. */
  readonly pin: Pin | null;
  readonly found: FoundShare;
}

/** Opens the share that `spec` names, with `key` or the key that the flags tell. */
export async function openNamedShare(context: Context, spec: string, key?: KeyPair): Promise<OpenedShare> {
  const found = await findShare(context, spec);
  const own = key ?? (await openOwnKey(context));
  const share = openShare(found.text, own);
  const said = spec === '-' ? null : parseRemoteSpec(spec).name;
  const name = said !== null && (await ownPin(context, said)) ? said : (share.layers[0]?.name ?? '');
  return { share, own, name, pin: await ownPin(context, name), found };
}

/** As `openNamedShare`, of a share that the user made. Throws Failure('denied') for another's, for one that is older
 *  than the last, and for one of another remote: who put that there must not get it renewed. */
export async function openOwnShare(context: Context, spec: string, key?: KeyPair): Promise<OpenedShare> {
  const opened = await openNamedShare(context, spec, key);
  const { share, own, name, pin } = opened;
  if (!isMaker(share, own)) {
    throw new Failure('denied', `only its maker can change this share (${makerLine(share)}): ask them`);
  }
  requireOfPlace(opened);
  if (isPublished(opened) && pin?.maker === pinOf(share).maker)
    checkPin(name, pin, pinOf(share), { maker: undefined, older: false });
  return opened;
}

// A file of the maker's own is nobody else's to put back, and may well be older than the published share.
function isPublished({ found: { remote, publishedIn } }: OpenedShare): boolean {
  return remote !== undefined || publishedIn !== undefined;
}

// All shares of a maker have one signature: that of another remote, put here, would be sealed to the people of this one.
function requireOfPlace({ share, found: { remote, publishedIn }, pin }: OpenedShare): void {
  const name = share.layers[0]?.name ?? '';
  const { place } = pinOf(share);
  const isOther = remote !== undefined && (name !== remote || (pin !== null && pin.place !== place));
  const isElsewhere = publishedIn !== undefined && publishedIn.path !== null && place !== publishedIn.path;
  if (!isOther && !isElsewhere) return;
  const of = `${quoted(name)}${place === null ? '' : ` in ${quoted(place)}`}`;
  const advice =
    'if that was not you who put it there, somebody did: make a new one with `coffer share REMOTE: --to …`';
  throw new Failure('denied', `the share there is of another remote, ${of}: ${advice}`);
}

/** Puts `next` in the place of the share that was opened; one from standard input goes to standard output.
 *  Throws Failure('changed') where that is another one by now. */
export async function replaceShare(context: Context, opened: OpenedShare, next: ShareDocument): Promise<void> {
  const { io, session, flags } = context;
  const { own, name, found } = opened;
  const { at } = found;
  const text = sealShare(next, own);
  if (at) {
    const start = performance.now();
    await requireOneOf([found.text], at, session.signal);
    if (!(await writeShare(session, at, text, io.date()))) return;
    if (isPublished(opened)) {
      await pause(Math.max(shortestWait, 3 * (performance.now() - start)), session.signal);
      // A replica of Swift may lag behind, and still have the old one.
      await requireOneOf([text, found.text], at, session.signal);
    }
  } else await io.stdout.write(text);
  if (!flags['dry-run'] && isPublished(opened)) await rememberShare(context, name, next);
  await io.stderr.write(`Written to ${at ? placeName(at) : 'standard output'}\n`);
}

/** Milliseconds. Of two that find a share unchanged in the same moment the last to write goes on, and the other hears of it
 *  unless that takes longer. */
const shortestWait = 500;

// Whoever had to type a passphrase has taken their time.
async function requireOneOf(texts: readonly string[], at: Location, signal: AbortSignal): Promise<void> {
  if (texts.includes(await readShare(at, { signal }))) return;
  const message = `${placeName(at)} was changed by another command meanwhile: run this one again`;
  throw new Failure('changed', message, { path: at.path });
}

/** Writes the share anew with the passwords and the place that the config has now, for all who can open it but those
 *  that `leaving` names, and says who can. */
export async function renewOpenedShare(
  context: Context,
  opened: OpenedShare,
  leaving: readonly string[] = [],
): Promise<void> {
  const { io, log } = context;
  const { layers } = await stackOf(opened.name, {
    config: await context.config(),
    environment: io.environment,
    withCredentials: opened.share.layers.some(hasCredentials),
    report: log,
  });
  const recipients = remainingRecipients(opened.share, leaving);
  const next = renewShare(opened.share, { layers, recipients }, io.date());
  await replaceShare(context, opened, next);
  await io.stderr.write(`${stackLine(next)}\nSealed to:\n${recipientLines(next, opened.own.public)}`);
}
