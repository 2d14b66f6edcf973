import { type Bytes, pieceSize } from '../../core/bytes.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { parseSeconds } from '../../core/seconds.ts';
import { type ByteReader, readerOf } from '../byte-reader.ts';
import type { TarEntry } from './entry.ts';
import { blockSize, type Header, paddingOf, parseHeader, textOf } from './header.ts';
import { parseRecords, type Records } from './records.ts';
import { checkMap, readOldMap, readPaxMap, type SparseFile } from './sparse.ts';

/** A member and its data, which may be left unread. */
export interface TarMember {
  readonly entry: TarEntry;
  /** The stored bytes; those of a sparse file follow each other without its holes. To be read before the next member. */
  readonly data: Bytes;
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

/** The members of an archive in the forms of POSIX (ustar, pax) and GNU, then the rest of the stream, so that whatever
 *  seals it is proven. Throws Failure('corrupt') where it is cut or broken, 'unsupported' for kinds that are no files. */
export async function* readTar(bytes: Bytes): AsyncGenerator<TarMember> {
  const reader = readerOf(bytes);
  let shared: Records = [];
  let about = nothingKnown;
  try {
    for (;;) {
      const block = await readBlock(reader);
      if (isZero(block)) break;
      const header = parseHeader(block);
      if (header.type === 'x') about = { ...about, records: parseRecords(await readText(reader, header)) };
      else if (header.type === 'g') shared = latest([...shared, ...parseRecords(await readText(reader, header))]);
      else if (header.type === 'L') about = { ...about, name: textOf(await readText(reader, header)) };
      else if (header.type === 'K') about = { ...about, target: textOf(await readText(reader, header)) };
      else if (header.type === 'V') await skip(reader, header.size);
      else {
        yield* readMember(reader, block, header, { ...about, records: [...shared, ...about.records] });
        about = nothingKnown;
      }
    }
    if (!isZero(await readBlock(reader))) throw new Failure('corrupt', 'the archive goes on after its end');
    for await (const _ of reader.rest());
  } finally {
    await reader.close();
  }
}

/** What stood in front of a header about its member. */
interface About {
  readonly name?: string;
  readonly target?: string;
  readonly records: Records;
}
const nothingKnown: About = { records: [] };

// What means something for all members. An archive may say it a million times.
const sharedKeys = /^(?:path|linkpath|size|uid|gid|uname|gname|mtime)$/;

function latest(records: Records): Records {
  return [...new Map(records.filter(([key]) => sharedKeys.test(key)))];
}

// Names and maps: a file of 16 MiB stands for a map of a million stretches.
const longestText = 32 << 20;

async function readText(reader: ByteReader, { size }: Header): Promise<Uint8Array> {
  if (size < 0 || size > longestText) throw new Failure('corrupt', `a header of ${size} bytes is too long to be one`);
  const text = await reader.take(size);
  await skip(reader, paddingOf(size));
  return text;
}

async function readBlock(reader: ByteReader): Promise<Uint8Array> {
  const block = await reader.take(blockSize);
  if (block.length < blockSize) throw cut();
  return block;
}

async function* readMember(
  reader: ByteReader,
  block: Uint8Array,
  header: Header,
  about: About,
): AsyncGenerator<TarMember> {
  const stored = Number(new Map(about.records).get('size') ?? header.size);
  const sparse = header.type === 'S' ? await readOldMap(block, reader) : await readPaxMap(about.records, reader);
  const entry = entryOf(header, about, stored, sparse);
  // Links and folders have no data, whatever their size says.
  const left = { bytes: entry.kind === 'file' ? stored - (sparse?.mapSize ?? 0) : 0 };
  if (!Number.isSafeInteger(left.bytes) || left.bytes < 0)
    throw new Failure('corrupt', 'a size in the archive is broken');
  if (sparse) checkMap(sparse, left.bytes);
  const padding = entry.kind === 'file' ? paddingOf(stored) : 0;
  yield { entry, data: dataOf(reader, left) };
  await skip(reader, left.bytes + padding);
}

async function* dataOf(reader: ByteReader, left: { bytes: number }): AsyncGenerator<Uint8Array> {
  while (left.bytes > 0) {
    const part = await reader.some(Math.min(left.bytes, pieceSize));
    if (part.length === 0) throw cut();
    left.bytes -= part.length;
    yield part;
  }
}

async function skip(reader: ByteReader, bytes: number): Promise<void> {
  for await (const _ of dataOf(reader, { bytes }));
}

function entryOf(header: Header, about: About, stored: number, sparse: SparseFile | null): TarEntry {
  const records = new Map(about.records);
  const path = records.get('GNU.sparse.name') ?? records.get('path') ?? about.name ?? header.name;
  return {
    path,
    kind: kindOf(header.type, path),
    mode: header.mode & 0o7777,
    uid: Number(records.get('uid') ?? header.uid),
    gid: Number(records.get('gid') ?? header.gid),
    owner: records.get('uname') ?? header.owner,
    group: records.get('gname') ?? header.group,
    modified: timeOf(records.get('mtime') ?? String(header.modified)),
    size: sparse?.size ?? stored,
    target: records.get('linkpath') ?? about.target ?? header.target,
    extents: sparse?.extents ?? null,
  };
}

function kindOf(type: string, path: string): TarEntry['kind'] {
  // Before POSIX, a slash at the end made a folder.
  if (type === '5' || (type === '0' && path.endsWith('/'))) return 'folder';
  if (type === '0' || type === '7' || type === 'S') return 'file';
  if (type === '1') return 'hardlink';
  if (type === '2') return 'symlink';
  if (type === '3' || type === '4' || type === '6') return 'device';
  throw new Failure('unsupported', `"${path}" in the archive is of a kind (${type}) that only GNU tar knows`);
}

function timeOf(text: string): Nanoseconds {
  const time = parseSeconds(text);
  if (time === null) throw new Failure('corrupt', 'a time in the archive is broken');
  return time;
}

function cut(): Failure {
  return new Failure('corrupt', 'the archive is cut: it ends too early');
}
