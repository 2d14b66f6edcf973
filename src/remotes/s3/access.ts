import type { AccessChange, BucketAccess, BucketControl } from '../../core/access.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';
import type { S3Request, Task } from './api.ts';
import { accessIn, changedPolicy } from './policy.ts';
import { type Store, targetOf } from './store.ts';
import { childrenOf, textOf } from './xml.ts';

// As often as others may come in between.
const mostAttempts = 5;

/** Who may reach the bucket of `path`, by its bucket policy: that covers what is put later, which ACLs of objects do not. */
export function controlOf(store: Store, remote: Remote, path: string): BucketControl {
  const { bucket } = targetOf(store, path);
  if (bucket === '') throw new Failure('usage', `${store.label} name a bucket: ${store.label}mybucket`);
  const name = store.encoder.fromStore(bucket);
  const task = (doing: string, call?: Call): Task => ({ doing, path: name, signal: call?.signal });
  return {
    location: { remote, path: name },
    read: (call) => readAccess(store, bucket, task('read the access of', call)),
    change: (change, call) => changeAccess(store, bucket, change, task('change the access of', call)),
    self: (call) => selfOf(store, task('ask for the owner of', call)),
    selfName: null,
    address: async () => new Map(),
  };
}

async function readAccess(store: Store, bucket: string, task: Task): Promise<BucketAccess> {
  const [document, grants] = await Promise.all([readPolicy(store, bucket, task), readAcl(store, bucket, task)]);
  const access = accessIn(document, bucket);
  return { ...access, others: [...access.others, ...grants] };
}

async function changeAccess(store: Store, bucket: string, change: AccessChange, task: Task): Promise<void> {
  const owner = ownPrincipals(await ownId(store, task));
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const document = await readPolicy(store, bucket, task);
    const next = changedPolicy(document, bucket, change, owner);
    if (next === document) return;
    await writePolicy(store, bucket, next, task);
  }
  throw new Failure('changed', `${task.path}: its access is being changed by others: look at it and try again`, {
    path: task.path,
  });
}

/** Null where there is none. */
async function readPolicy(store: Store, bucket: string, task: Task): Promise<string | null> {
  try {
    return await store.api.retry(task, async () => {
      const response = await store.api.attempt({ ...policyOf(store, bucket), method: 'GET' }, task);
      return response.text(longestPolicy);
    });
  } catch (error) {
    if (isFailure(error, 'not-found')) return null;
    if (!isFailure(error, 'unsupported')) throw error;
    const why = "its S3 knows no bucket policies: share it with a remote of the store's Swift";
    throw new Failure('unsupported', `${store.label}${task.path}: ${why}`, { path: task.path, cause: error });
  }
}

async function writePolicy(store: Store, bucket: string, policy: string | null, task: Task): Promise<void> {
  const request: S3Request =
    policy === null
      ? { ...policyOf(store, bucket), method: 'DELETE' }
      : { ...policyOf(store, bucket), method: 'PUT', body: Buffer.from(policy) };
  await store.api.headers(request, task);
}

function policyOf(store: Store, bucket: string): Omit<S3Request, 'method'> {
  return { bucket, query: { policy: '' }, headers: store.headers.every };
}

const longestPolicy = 1 << 20;

/** What the bucket's ACL gives to others than its owner. */
async function readAcl(store: Store, bucket: string, task: Task): Promise<readonly string[]> {
  const request: S3Request = { method: 'GET', bucket, query: { acl: '' }, headers: store.headers.every };
  const document = await store.api.document(request, task);
  const owner = childrenOf(document, 'Owner').map((element) => textOf(element, 'ID'))[0];
  const grants = childrenOf(document, 'AccessControlList').flatMap((list) => childrenOf(list, 'Grant'));
  return grants.flatMap((grant) => {
    const [grantee] = childrenOf(grant, 'Grantee');
    const who = grantee ? textOf(grantee, 'ID') || textOf(grantee, 'URI') || textOf(grantee, 'EmailAddress') : '';
    return who === owner ? [] : `bucket ACL: ${who} ${textOf(grant, 'Permission')}`;
  });
}

async function selfOf(store: Store, task: Task): Promise<string | null> {
  const id = await ownId(store, task);
  return isCanonical(id) ? null : (id.split('$')[0] ?? null);
}

/** As the store calls who asks: with radosgw a project or a user, or both with a `$` between them. */
async function ownId(store: Store, task: Task): Promise<string> {
  const document = await store.api.document({ method: 'GET', bucket: '' }, task);
  return childrenOf(document, 'Owner').map((element) => textOf(element, 'ID'))[0] ?? '';
}

/** How a policy names the owner where an object belongs to whoever put it, as on radosgw: for a project of Keystone and for a
 *  user of radosgw itself, which cannot be told apart. AWS and MinIO, which have long ids, give the bucket's owner all. */
function ownPrincipals(id: string): readonly string[] {
  if (id === '' || isCanonical(id)) return [];
  const [first = '', second] = id.split('$');
  return second === undefined
    ? [`arn:aws:iam::${first}:user/${first}`, `arn:aws:iam:::user/${first}`]
    : [`arn:aws:iam::${first}:user/${second}`];
}

function isCanonical(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}
