import { isFailure } from '../../../core/failure.ts';
import type { Task } from '../api.ts';
import { listKeys, type Pages } from '../listing.ts';
import type { Store } from '../store.ts';
import { textOf } from '../xml.ts';
import { heldBack, listVersions } from './listing.ts';

/** Lists what has to be removed for a bucket to be empty. */
export async function pagesToPurge(store: Store, bucket: string, task: Task): Promise<Pages> {
  return (await hasVersions(store, bucket, task)) ? listAll : listKeys;
}

/** Marks of deletion included. */
const listAll: Pages = (store, query, task) => heldBack(listVersions(store, query, task));

/** Whether the bucket keeps versions, or has kept some. Where the store does not tell, it is taken for one that does not. */
async function hasVersions(store: Store, bucket: string, task: Task): Promise<boolean> {
  const request = { method: 'GET', bucket, query: { versioning: '' }, headers: store.headers.every } as const;
  try {
    return textOf(await store.api.document(request, task), 'Status') !== '';
  } catch (error) {
    if (!isFailure(error) || error.kind === 'cancelled') throw error;
    store.report.debug(bucket, `whether it keeps versions is not known: ${error.message}`);
    return false;
  }
}
