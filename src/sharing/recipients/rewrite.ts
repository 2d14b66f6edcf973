import type { Awaitable } from '../../core/awaitable.ts';
import { type Bytes, collect, joinSources, type Range, type Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call, NewStart, Remote } from '../../core/remote.ts';
import { openHeader, type Packets } from '../../formats/crypt4gh/header.ts';
import { plainSize } from '../../formats/crypt4gh/layout.ts';
import { openRange } from '../../formats/crypt4gh/stream.ts';
import { readHeader } from '../../remotes/crypt4gh/read.ts';
import type { SealedTree } from './sealed-tree.ts';

/** The header that a file is to have; null where its own will do. Throws where the owner cannot open it. */
export type HeaderChange = (packets: Packets, path: string) => Uint8Array | null;

export interface FilePlace {
  readonly tree: SealedTree;
  /** From the root of the Crypt4GH remote. */
  readonly path: string;
}

export type Outcome = 'movedByStore' | 'sentAnew' | 'unchanged';

/** Gives one file another header, all or nothing, and looks at what then stands there. The body stays as it is, and so do
 *  time and metadata. */
export async function rewriteHeader(
  { tree, path }: FilePlace,
  change: HeaderChange,
  mayDo: (plainSize: number) => Awaitable<boolean>,
  call: Call,
): Promise<Outcome> {
  const { remote: store } = tree.crypt4gh.base;
  const sealedPath = tree.crypt4gh.sealedPath(path);
  const file = { remote: store, sealedPath, call };
  const entry = await store.stat(sealedPath, { ...call, attributes: true });
  const { packets, length } = await readHeader(file, path);
  const header = change(packets, path);
  if (header === null || !(await mayDo(plainSize(entry.size, length)))) return 'unchanged';

  const start = { length, bytes: header, tag: entry.tag };
  const isMovedByStore = await replaceStart(store, entry, start, call);
  const { dataKeys } = openHeader(packets, tree.own, path);
  const size = entry.size - length + header.length;
  await requireRewritten(store, { sealedPath, header, size, path }, call);
  if (isMovedByStore) await requireReadable(store, { sealedPath, header, size, path }, dataKeys, call);
  return isMovedByStore ? 'movedByStore' : 'sentAnew';
}

async function replaceStart(store: Remote, entry: FileEntry, start: NewStart, call: Call): Promise<boolean> {
  try {
    if (store.replaceStart) return (await store.replaceStart(entry.path, start, call)).isMovedByStore;
  } catch (error) {
    if (!isFailure(error, 'unsupported')) throw error;
  }
  const { modified, mimeType, attributes } = entry;
  const info = { modified: modified ?? undefined, mimeType, attributes: attributes ?? undefined };
  await store.write(entry.path, joinSources(start.bytes, restOf(store, entry, start.length, call)), info, call);
  return false;
}

/** What stands behind the header; of the file as it was looked at. */
function restOf(store: Remote, entry: FileEntry, skipped: number, call: Call): Source {
  const { path, size } = entry;
  return {
    size: size - skipped,
    replayable: true,
    async *open({ start, end }: Range = { start: 0 }): Bytes {
      const now = await store.stat(path, call);
      if (now.size !== size || now.modified !== entry.modified || now.tag !== entry.tag) {
        throw new Failure('changed', `${path}: was changed in the meantime`, { path });
      }
      yield* store.read(path, { start: skipped + start, end: end === undefined ? size : skipped + end }, call);
    },
  };
}

interface Rewritten {
  readonly sealedPath: string;
  readonly header: Uint8Array;
  readonly size: number;
  readonly path: string;
}

/** Throws Failure('corrupt') unless the file has the new header and the size that goes with it. */
async function requireRewritten(store: Remote, expected: Rewritten, call: Call): Promise<void> {
  const { sealedPath, header, size, path } = expected;
  const start = await collect(store.read(sealedPath, { start: 0, end: header.length }, call));
  const found = await store.stat(sealedPath, call);
  if (Buffer.compare(start, header) !== 0 || found.size !== size) {
    // Some replicas of Swift lag behind.
    const message = `${path}: is not as it was rewritten: was it changed in the meantime?`;
    throw new Failure('corrupt', message, { path, retryable: true });
  }
}

/** Throws Failure('corrupt') unless both ends of the body still open behind the new header. */
async function requireReadable(
  store: Remote,
  { sealedPath, header, size, path }: Rewritten,
  dataKeys: readonly Uint8Array[],
  call: Call,
): Promise<void> {
  const source: Source = { size, replayable: true, open: (range) => store.read(sealedPath, range, call) };
  const plain = plainSize(size, header.length);
  for (const offset of new Set([0, Math.max(0, plain - 1)])) {
    const range = { start: offset, end: Math.min(plain, offset + 1) };
    await collect(openRange(source, { dataKeys, edits: null, length: header.length }, range, { path }));
  }
}
