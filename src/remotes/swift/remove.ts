import { Failure, isFailure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { withRetries } from '../http/retry.ts';
import { deleteAll } from './delete-all.ts';
import { emptyMd5, folderType, lookUp, lookUpFile, unlessDenied } from './object.ts';
import { type Listed, pages } from './pages.ts';
import { ownSegments, removeSegments } from './segments.ts';
import type { Store } from './store.ts';
import { fileTarget, type Target, targetOf } from './target.ts';

/** Deletes a file, and after it the segments that were its own. */
export async function removeFile(store: Store, path: string, call?: Call): Promise<void> {
  const target = fileTarget(store.encoder, path);
  // Where we may write and not look, what segments there are stays.
  const info = store.options.no_large_objects ? null : await unlessDenied(lookUpFile(store, target, path, call));
  const orphans = info === null ? [] : await ownSegments(store, { target, path }, info, call);
  await deleteTarget(store, target, path, [], call);
  await removeSegments(store, { target, path }, orphans);
}

/** The status: of success, or one that is accepted. A try whose answer was lost may have been carried out: the next one finds
 *  nothing then. */
async function deleteTarget(
  store: Store,
  target: Target,
  path: string,
  accepted: readonly number[],
  call: Call | undefined,
): Promise<number> {
  const request = { method: 'DELETE', target, path, signal: call?.signal, isRetried: false };
  let accept = accepted;
  const attempt = async (): Promise<number> => {
    const sent = store.service.send({ ...request, accept });
    accept = [...accepted, 404];
    const response = await sent;
    await response.discard();
    return response.status;
  };
  return withRetries(store.settings, store.report, path, attempt, call?.signal);
}

/** Deletes an empty container. Folders below are only prefixes: nothing to do, as in rclone. */
export async function removeContainer(store: Store, path: string, call?: Call): Promise<void> {
  const target = targetOf(store.encoder, path);
  if (target.container === '' || target.name !== '') return;
  const status = await deleteTarget(store, target, path, [409], call);
  if (status === 409) throw new Failure('not-empty', `${path}: the container is not empty`, { path });
  store.containers.forget(target.container);
}

/** Deletes all below a folder, markers too, and the container when the folder is one. */
export async function purgeFolder(store: Store, dir: string, call?: Call): Promise<void> {
  const { container, name } = targetOf(store.encoder, dir);
  if (container === '') throw new Failure('usage', `purge needs a container: ${store.label} holds the whole account`);
  const prefix = name === '' ? '' : `${name}/`;
  for await (const page of pages(store, container, { prefix, path: dir }, call)) {
    const inOnePiece = page.filter((listed) => isSurelyPlain(store, listed));
    const others = page.filter((listed) => !isSurelyPlain(store, listed));
    await deleteAll(
      store,
      inOnePiece.map((listed) => ({ container, name: listed.name ?? '' })),
      dir,
      call,
    );
    await forEachParallel(others, store.settings.checkers, call?.signal, async (listed, signal) => {
      await removeObject(store, { container, name: listed.name ?? '' }, dir, { signal });
    });
  }
  if (name === '') await removeEmptied(store, dir, call);
}

/** Swift may count for some moments what is deleted already. */
async function removeEmptied(store: Store, path: string, call: Call | undefined): Promise<void> {
  const attempt = async (): Promise<void> => {
    try {
      await removeContainer(store, path, call);
    } catch (error) {
      if (!isFailure(error, 'not-empty')) throw error;
      throw new Failure('not-empty', error.message, { path, cause: error, retryable: true });
    }
  };
  await withRetries(store.settings, store.report, path, attempt, call?.signal);
}

async function removeObject(store: Store, target: Target, dir: string, call: Call): Promise<void> {
  const place = { target, path: store.encoder.fromStore(`${target.container}/${target.name}`) };
  const info = await lookUp(store, target, place.path, call);
  const orphans = info ? await ownSegments(store, place, info, call) : [];
  await deleteAll(store, [target], dir, call);
  await removeSegments(store, place, orphans);
}

// Up to this a HEAD each would cost more than the segments are worth that a Swift before 2.19, which does not mark
// static large objects in listings, might have there.
const smallSize = 2 ** 20;

/** True for what a listing shows to have no segments. */
function isSurelyPlain({ options }: Store, listed: Listed): boolean {
  if (options.no_large_objects || listed.content_type === folderType) return true;
  const { bytes = 0, hash, slo_etag } = listed;
  return bytes > 0 && bytes <= smallSize && hash !== emptyMd5 && slo_etag === undefined;
}
