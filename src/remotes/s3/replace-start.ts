import type { TransportSettings } from '../../core/backend.ts';
import { collect, concat, type Range } from '../../core/bytes.ts';
import type { Call, NewStart } from '../../core/remote.ts';
import { statedSize } from '../http/stated-size.ts';
import { requireTag } from '../http/tag.ts';
import type { Task } from './api.ts';
import { copyParts } from './copy.ts';
import { md5Header } from './metadata.ts';
import { assemble, uploadPart } from './multipart.ts';
import { headObject, keptMetadata, ownTime, unquote, withModified } from './object.ts';
import { confirm, putBytes } from './put.ts';
import { readFile } from './read.ts';
import { existingFile, type Store, type Target } from './store.ts';

type Headers = Readonly<Record<string, string>>;

/** Every part but the last has at least so many bytes. */
const smallestPart = 5 << 20;

/** Puts other bytes at the front of an object. A large one is put together anew: its first part goes through here, being
 *  too small for a part by itself, and the store copies the others from the old object, which stands until then. */
export async function replaceStart(
  store: Store,
  settings: TransportSettings,
  path: string,
  start: NewStart,
  call: Call | undefined,
): Promise<{ readonly isMovedByStore: boolean }> {
  const target = existingFile(store, path);
  const task = { doing: 'replace the start of', path, signal: call?.signal };
  const found = await headObject(store, target, path, call?.signal);
  const tag = unquote(found.etag ?? '');
  requireTag(tag, start.tag, path);
  const size = statedSize(found['content-length']);
  const metadata = metadataOf(found);

  /** What stands there now; of the object that was looked at. */
  const read = (range: Range): Promise<Uint8Array> => {
    const onOpen = ({ etag = '' }: Headers): void => requireTag(unquote(etag), tag, path);
    return collect(readFile(store, settings, path, { range, call, onOpen }));
  };

  if (size - start.length <= 2 * smallestPart) {
    const data = concat([start.bytes, await read({ start: start.length })]);
    const { isProven, md5 } = await putBytes(store, target, data, metadata, task);
    await confirm(store, target, { isProven, size: data.length, md5: md5.toString('hex') }, task);
    return { isMovedByStore: false };
  }
  const copiedFrom = start.length + smallestPart;
  const first = concat([start.bytes, await read({ start: start.length, end: copiedFrom })]);
  await putTogether(store, { target, found, first, copied: { start: copiedFrom, end: size }, metadata }, task);
  return { isMovedByStore: true };
}

interface Joining {
  readonly target: Target;
  /** The old object's headers. */
  readonly found: Headers;
  readonly first: Uint8Array;
  /** What of the old object follows. */
  readonly copied: Required<Range>;
  readonly metadata: Headers;
}

async function putTogether(store: Store, joining: Joining, task: Task): Promise<void> {
  const { target, found, first, copied, metadata } = joining;
  const headers = { ...store.headers.create, ...metadata };
  await assemble(store, target, headers, task, async (upload, done) => {
    done(await uploadPart(store, upload, { number: 1, body: first }, task));
    await copyParts(store, upload, { source: target, found, range: copied, firstNumber: 2 }, done, task);
  });
}

/** The object's own, with its time; without the MD5 of bytes that it no longer has. */
function metadataOf(found: Headers): Headers {
  const modified = ownTime(found);
  const { [md5Header]: _, ...kept } = keptMetadata(found);
  return modified === null ? kept : withModified(kept, modified);
}
