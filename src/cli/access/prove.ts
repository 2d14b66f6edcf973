import type { AccessChange, BucketAccess, BucketControl, Rights } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import { otherPlace } from '../../sharing/access/other-place.ts';
import { type Proof, proveAccess } from '../../sharing/access/proof.ts';
import { rightsOf } from '../../sharing/access/shortfalls.ts';
import type { CommandContext } from '../command.ts';
import { isProjectId } from './projects.ts';

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
  const identity = await identityOf(as, home, call);
  const who = projectProved(as, identity.id, await control.self(call), change);
  const place = otherPlace(as, await control.address(call), control.location.path);
  const other = await context.location(place);
  const expected = change ? rightsOf(access, who) : rightsInForce(as, access, identity);
  const isWriteTaken = change?.projects.get(who)?.write === false;
  return proveAccess({ own: control.location, other, expected, triesWriting: expected.write || isWriteTaken }, call);
}

/** The project that a remote is of, as rules may call it; null where its store or its config does not tell. */
interface Identity {
  readonly id: string | null;
  readonly name: string | null;
}

/** The remote's login is tried on what is its own: one that has ended would be refused everywhere, and prove nothing. */
async function identityOf(as: string, home: Location, call: { readonly signal: AbortSignal }): Promise<Identity> {
  if (!home.remote.access) throw new Failure('usage', `${as} is not a Swift or S3 remote`);
  for await (const _ of home.remote.list('', call)) break;
  const control = home.remote.access(home.path);
  return { id: await control.self(call), name: control.selfName };
}

/** What the rules give a project by its id or its name. Throws Failure('usage') where they hold names, any of which
 *  could be its own. */
function rightsInForce(as: string, access: BucketAccess, { id, name }: Identity): Rights {
  const names = access.grants.map(({ who }) => who).filter((who) => !isProjectId(who) && !who.includes(':'));
  if (id !== null && isProjectId(id) && name === null && names.length > 0) {
    const message = `${as} is of the project ${id}: whether that is ${names.join(' or ')} is not known here`;
    throw new Failure('usage', `${message}: set the option tenant of ${as} to its name`);
  }
  const rights = [id, name].flatMap((who) => (who === null ? [] : [rightsOf(access, who)]));
  return { read: rights.some(({ read }) => read), write: rights.some(({ write }) => write) };
}

/** Under which name the rules should know the project of the remote `as`. */
function projectProved(as: string, id: string | null, own: string | null, change: AccessChange | null): string {
  if (id !== null && id === own)
    throw new Failure('usage', `${as} belongs to the bucket's own project: it proves nothing`);
  const changed = [...(change?.projects.keys() ?? [])];
  const known = changed.find((who) => who === id || (id !== null && who.endsWith(`:user/${id}`)));
  if (known !== undefined) return known;
  // A name whose id is not known.
  const [only] = changed;
  if (only !== undefined && changed.length === 1 && !isProjectId(only)) return only;
  if (changed.length === 0 && id !== null) return id;
  throw new Failure(
    'usage',
    `${as} belongs to ${id ? `the project ${id}` : 'an unknown project'}: it proves nothing about ${changed.join(', ') || 'this bucket'}`,
  );
}
