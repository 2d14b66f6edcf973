import type { Bytes } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import type { Remote } from '../core/remote.ts';
import { isSameVersion, replacedFailure } from './version.ts';

/** How a file is asked for: in ranges that grow, so that a reader who stops has not asked for all of it. */
export interface ReadChunks {
  /** Bytes of the first range (`--vfs-read-chunk-size`); 0 for all at once. */
  readonly size: number;
  /** Each range is twice as long as the one before, up to here (`--vfs-read-chunk-size-limit`); -1 for no limit. */
  readonly limit: number;
}

/** The bytes from `start` on. Throws Failure('changed') before a byte of another version than `entry` is given. */
export async function* remoteBytes(remote: Remote, entry: FileEntry, start: number, chunks: ReadChunks): Bytes {
  const isOneRange = chunks.size <= 0 || chunks.size >= entry.size;
  if (start === 0 && isOneRange && remote.open) return yield* openedBytes(remote, entry);
  let length = isOneRange ? entry.size : chunks.size;
  for (let offset = start; offset < entry.size; ) {
    const end = Math.min(offset + length, entry.size);
    yield* rangeOf(remote, entry, offset, end);
    offset = end;
    if (chunks.limit < 0 || length < chunks.limit) length *= 2;
    if (chunks.limit >= chunks.size) length = Math.min(length, chunks.limit);
  }
}

/** The bytes from `start` up to `end`, in one request. Throws as `remoteBytes`. */
export async function* rangeOf(
  remote: Remote,
  entry: FileEntry,
  start: number,
  end: number,
  signal?: AbortSignal,
): Bytes {
  const call = signal && { signal };
  let isChecked = false;
  let given = 0;
  for await (const piece of remote.read(entry.path, { start, end }, call)) {
    // Only a look that begins after the bytes have begun to come tells which version they are of.
    if (!isChecked && !isSameVersion(entry, await remote.stat(entry.path, call))) throw replacedFailure(entry.path);
    isChecked = true;
    given += piece.length;
    yield piece;
  }
  if (given < end - start) throw replacedFailure(entry.path);
}

async function* openedBytes(remote: Remote, entry: FileEntry): Bytes {
  const opened = await remote.open?.(entry.path);
  if (!opened) return;
  try {
    if (!isSameVersion(entry, opened.entry)) throw replacedFailure(entry.path);
    yield* opened.bytes;
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}
