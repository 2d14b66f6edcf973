import { parseObject, textIn } from '../../core/json.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import type { Store } from './store.ts';
import { type Target, urlPath } from './target.ts';

/** Deletes an object. What is not there is no fault. */
export async function deleteOne(store: Store, target: Target, path: string, signal?: AbortSignal): Promise<void> {
  const response = await store.service.send({ method: 'DELETE', target, path, signal, accept: [404] });
  await response.discard();
}

/** Deletes objects, many at a time where the cluster can. What is not there is no fault. */
export async function deleteAll(store: Store, targets: readonly Target[], path: string, call?: Call): Promise<void> {
  if (targets.length === 0) return;
  const { bulkDeletes } = await store.capabilities(call?.signal);
  const batchSize = bulkDeletes || targets.length;
  for (let start = 0; start < targets.length; start += batchSize) {
    const batch = targets.slice(start, start + batchSize);
    const isDone = bulkDeletes > 0 && batch.length > 1 && (await deleteBatch(store, batch, path, call));
    if (!isDone) await deleteEach(store, batch, path, call);
  }
}

async function deleteEach(store: Store, targets: readonly Target[], path: string, call?: Call): Promise<void> {
  await forEachParallel(targets, store.settings.checkers, call?.signal, (target, signal) =>
    deleteOne(store, target, path, signal),
  );
}

/** https://docs.openstack.org/swift/latest/middleware.html#bulk-delete: the status is 200, the outcome in the body.
 *  False where not all could be deleted this way, as in a container of others: each by itself then tells why. */
async function deleteBatch(store: Store, targets: readonly Target[], path: string, call?: Call): Promise<boolean> {
  const response = await store.service.send({
    ...{ method: 'POST', target: { container: '', name: '' }, path, query: 'bulk-delete', signal: call?.signal },
    headers: { 'content-type': 'text/plain', accept: 'application/json' },
    body: Buffer.from(targets.map((target) => `${urlPath(target)}\n`).join('')),
    accept: [400, 403, 404, 405],
  });
  const text = await response.text();
  if (response.status !== 200) return false;
  const { Errors: errors, 'Response Status': status } = parseObject(text) ?? {};
  return Array.isArray(errors) && errors.length === 0 && textIn(status).startsWith('200');
}
