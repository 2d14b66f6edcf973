import type { Source } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { isFailure } from '../core/failure.ts';
import type { Call, Remote } from '../core/remote.ts';
import { rangeOf } from './remote-bytes.ts';

/** Copies a file of the remote over what stands at `to`; returns the copy's entry. On the store's own side where that can. */
export async function copyOnRemote(remote: Remote, from: string, to: string, call: Call): Promise<FileEntry> {
  const copied = remote.copy && (await unlessUnsupported(remote.copy(from, to, call)));
  return copied || copyThrough(remote, from, to, call);
}

async function copyThrough(remote: Remote, from: string, to: string, call: Call): Promise<FileEntry> {
  const entry = await remote.stat(from, call);
  const source: Source = {
    size: entry.size,
    replayable: true,
    // Each time the same bytes or a failure: two versions must not be sealed under one nonce.
    open: ({ start, end = entry.size } = { start: 0 }) => rangeOf(remote, entry, start, Math.min(end, entry.size)),
  };
  const { modified, mimeType, attributes } = entry;
  return remote.write(to, source, { modified: modified ?? undefined, mimeType, attributes: attributes ?? undefined });
}

/** Null where the store cannot do it in this case. */
export async function unlessUnsupported<T>(action: Promise<T>): Promise<T | null> {
  try {
    return await action;
  } catch (error) {
    if (isFailure(error, 'unsupported')) return null;
    throw error;
  }
}
