import type { AccessChange, BucketAccess, BucketControl, Rights } from '../../core/access.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';
import { type Acl, accessIn, changedAcl, type EntryStyle, isSameAcl } from './acl.ts';
import { segmentsContainer } from './segment-names.ts';
import type { Store } from './store.ts';
import { targetOf } from './target.ts';

// As often as others may come in between.
const mostAttempts = 5;

/** Who may reach the container of `path`. A change is also made to the container of its segments, where a large object is read
 *  and written, too. */
export function controlOf(store: Store, remote: Remote, path: string): BucketControl {
  const { container } = targetOf(store.encoder, path);
  if (container === '') throw new Failure('usage', `${store.label} name a bucket: ${store.label}mybucket`);
  return {
    location: { remote, path: store.encoder.fromStore(container) },
    read: (call) => readAccess(store, container, call),
    change: (change, call) => changeAccess(store, container, change, call),
    self: (call) => projectOf(store, call),
    selfName: store.projectName,
    address: async (call) => new Map([['storage_url', await store.service.storageUrl(call?.signal)]]),
  };
}

/** With Keystone the project in the address of the storage, `…/AUTH_<id>`. */
async function projectOf(store: Store, call: Call | undefined): Promise<string | null> {
  if (store.account !== null) return store.account;
  return /\/AUTH_([^/]+)$/.exec(await store.service.storageUrl(call?.signal))?.[1] ?? null;
}

async function readAccess(store: Store, container: string, call: Call | undefined): Promise<BucketAccess> {
  const [acl, segments] = await Promise.all([
    requireAcl(store, container, call),
    hasSegments(container) ? readAcl(store, segmentsContainer(container), call) : null,
  ]);
  const access = accessIn(acl);
  return segments
    ? { ...access, others: [...access.others, ...differences(access, accessIn(segments), container)] }
    : access;
}

/** Rights that hold for small objects only, or for the segments of large ones only. */
function differences(bucket: BucketAccess, segments: BucketAccess, container: string): string[] {
  const rightsIn = ({ grants }: BucketAccess, who: string): Rights =>
    grants.find((grant) => grant.who === who) ?? { read: false, write: false };
  const everybody = new Set([...bucket.grants, ...segments.grants].map(({ who }) => who));
  return [...everybody].flatMap((who) => {
    const there = rightsIn(segments, who);
    const here = rightsIn(bucket, who);
    if (there.read === here.read && there.write === here.write) return [];
    return `${segmentsContainer(container)}: ${who} may ${inWords(there)} there (segments of large objects)`;
  });
}

function inWords({ read, write }: Rights): string {
  return read && write ? 'read and write' : read ? 'only read' : write ? 'only write' : 'neither read nor write';
}

async function changeAccess(
  store: Store,
  container: string,
  change: AccessChange,
  call: Call | undefined,
): Promise<void> {
  const whole = await withOwner(store, change, call);
  await applyChange(store, container, whole, call);
  if (!hasSegments(container)) return;
  const segments = segmentsContainer(container);
  const isThere = (await readAcl(store, segments, call)) !== null;
  if (!isThere && !givesAnything(change)) return;
  if (!isThere) await store.containers.make(segments, call?.signal);
  await applyChange(store, segments, whole, call);
}

/** On radosgw an object belongs to whoever put it, and the bucket's owner reads it only by the bucket's ACL: with others that
 *  may write, the own project is to stand there too. It stays when they go, as what they put does. */
async function withOwner(store: Store, change: AccessChange, call: Call | undefined): Promise<AccessChange> {
  const isWritable = [...change.projects.values()].some(({ write }) => write);
  if (!isWritable || !(await store.capabilities(call?.signal)).uploaderOwns) return change;
  const self = await projectOf(store, call);
  return self === null
    ? change
    : { ...change, projects: new Map([[self, { read: true, write: true }], ...change.projects]) };
}

function givesAnything({ projects, isPublic }: AccessChange): boolean {
  return isPublic === true || [...projects.values()].some(({ read, write }) => read || write);
}

async function applyChange(store: Store, container: string, change: AccessChange, call: Call | undefined) {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const acl = await requireAcl(store, container, call);
    const next = changedAcl(acl, change, styleOf(store));
    if (isSameAcl(acl, next)) return;
    await writeAcl(store, container, acl, next, call);
  }
  throw new Failure('changed', `${container}: its access is being changed by others: look at it and try again`, {
    path: container,
  });
}

async function requireAcl(store: Store, container: string, call: Call | undefined): Promise<Acl> {
  const acl = await readAcl(store, container, call);
  if (acl) return acl;
  throw new Failure('folder-not-found', `${store.label}${container}: no such bucket`, { path: container });
}

/** Null where there is no such container. Only its owner gets to see the ACL. */
async function readAcl(store: Store, container: string, call: Call | undefined): Promise<Acl | null> {
  try {
    const target = { container, name: '' };
    const response = await store.service.send({ method: 'HEAD', target, path: container, signal: call?.signal });
    await response.discard();
    return { read: response.headers['x-container-read'] ?? '', write: response.headers['x-container-write'] ?? '' };
  } catch (error) {
    if (isFailure(error, 'folder-not-found')) return null;
    throw error;
  }
}

/** Sends what differs only: a header that is sent replaces what somebody may have changed meanwhile. */
async function writeAcl(store: Store, container: string, old: Acl, next: Acl, call: Call | undefined): Promise<void> {
  const headers = {
    ...(next.read !== old.read && { 'x-container-read': next.read }),
    ...(next.write !== old.write && { 'x-container-write': next.write }),
  };
  const target = { container, name: '' };
  const response = await store.service.send({ method: 'POST', target, path: container, headers, signal: call?.signal });
  await response.discard();
}

function styleOf({ account }: Store): EntryStyle {
  return account === null ? 'project' : 'account';
}

/** A container of segments has none of its own. */
function hasSegments(container: string): boolean {
  return !container.endsWith('_segments');
}
