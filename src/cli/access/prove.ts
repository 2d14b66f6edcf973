import type { AccessChange, BucketAccess, BucketControl } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import { otherPlace } from '../../sharing/access/other-place.ts';
import { type Proof, proveAccess } from '../../sharing/access/proof.ts';
import { rightsOf } from '../../sharing/access/shortfalls.ts';
import type { CommandContext } from '../command.ts';

export interface ProofWish {
  /** The remote of the other project: `bob:`. */
  readonly as: string;
  readonly control: BucketControl;
  readonly access: BucketAccess;
  /** What has just been changed; null where nothing was. */
  readonly change: AccessChange | null;
}

type Context = Pick<CommandContext, 'location' | 'session'>;

/** Proves what is in force with another project's own login. Throws Failure('usage') for a login that proves nothing. */
export async function prove(context: Context, { as, control, access, change }: ProofWish): Promise<Proof> {
  const call = { signal: context.session.signal };
  const home = await context.location(otherPlace(as, new Map(), control.location.path));
  const who = await projectProved(as, await identityOf(as, home, call), await control.self(call), change);
  const place = otherPlace(as, await control.address(call), control.location.path);
  const other = await context.location(place);
  const expected = rightsOf(access, who);
  const isWriteTaken = change?.projects.get(who)?.write === false;
  return proveAccess({ own: control.location, other, expected, triesWriting: expected.write || isWriteTaken }, call);
}

/** The project that a remote is of; null where its store does not tell. Its login is tried on what is its own: one that
 *  has ended would be refused everywhere, and prove nothing. */
async function identityOf(as: string, home: Location, call: { readonly signal: AbortSignal }): Promise<string | null> {
  if (!home.remote.access) throw new Failure('usage', `${as} is no remote of Swift or S3`);
  for await (const _ of home.remote.list('', call)) break;
  return home.remote.access(home.path).self(call);
}

/** Under which name the rules should know the project of the remote `as`. */
async function projectProved(
  as: string,
  id: string | null,
  own: string | null,
  change: AccessChange | null,
): Promise<string> {
  if (id !== null && id === own) throw new Failure('usage', `${as} is of the bucket's own project: it proves nothing`);
  const changed = [...(change?.projects.keys() ?? [])];
  const known = changed.find((who) => who === id || (id !== null && who.endsWith(`:user/${id}`)));
  if (known !== undefined) return known;
  // A name, whose id nobody told.
  const [only] = changed;
  if (only !== undefined && changed.length === 1 && !/^[0-9a-f]{32}$/.test(only)) return only;
  if (changed.length === 0 && id !== null) return id;
  throw new Failure(
    'usage',
    `${as} is of the project ${id ?? 'that its store does not tell'}: it proves nothing of ${changed.join(', ') || 'this bucket'}`,
  );
}
