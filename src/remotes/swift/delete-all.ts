import { Failure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import type { Store } from './store.ts';
import { type Target, urlPath } from './target.ts';

interface BulkAnswer {
  readonly 'Response Status'?: string;
  readonly Errors?: readonly (readonly [name: string, status: string])[];
}

/** Deletes objects, many at a time where the cluster can. What is not there is no fault. */
export async function deleteAll(store: Store, targets: readonly Target[], path: string, call?: Call): Promise<void> {
  const { bulkDeletes } = await store.capabilities();
  if (bulkDeletes === 0 || targets.length === 1) {
    await forEachParallel(targets, store.settings.checkers, call?.signal, async (target, signal) => {
      const response = await store.service.send({ method: 'DELETE', target, path, signal, accept: [404] });
      await response.discard();
    });
    return;
  }
  for (let start = 0; start < targets.length; start += bulkDeletes) {
    await deleteBatch(store, targets.slice(start, start + bulkDeletes), path, call);
  }
}

/** https://docs.openstack.org/swift/latest/middleware.html#bulk-delete: the status is 200, the outcome in the body. */
async function deleteBatch(store: Store, targets: readonly Target[], path: string, call?: Call): Promise<void> {
  const response = await store.service.send({
    ...{ method: 'POST', target: { container: '', name: '' }, path, query: 'bulk-delete', signal: call?.signal },
    headers: { 'content-type': 'text/plain', accept: 'application/json' },
    body: Buffer.from(targets.map((target) => `${urlPath(target)}\n`).join('')),
  });
  const answer = JSON.parse(await response.text()) as BulkAnswer;
  const [name, status] = answer.Errors?.[0] ?? [];
  if (name === undefined && answer['Response Status']?.startsWith('200')) return;
  throw new Failure('denied', `${path}: cannot delete ${name ?? 'it'}: ${status ?? answer['Response Status']}`, {
    path,
  });
}
