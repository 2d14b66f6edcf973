import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { nonceSize, tagSize } from '../../crypto/aead.ts';
import type { Move } from '../content.ts';
import { type BoxKey, openBox, sealBox } from './boxes.ts';
import { fillNonce } from './nonces.ts';
import type { Run } from './slot-map.ts';

/** What a cached file is, beside its blocks. */
export interface FileRecord {
  /** On the remote. */
  readonly path: string;
  readonly size: number;
  readonly modified: Nanoseconds;
  /** As `Content.attributes`. */
  readonly attributes: Uint8Array | null;
  /** The remote's version that it began as; null for a new file. */
  readonly entry: FileEntry | null;
  /** Up to here, blocks that are not in the cache are the remote's; behind it they are zeros. */
  readonly remoteSize: number;
  readonly runs: readonly Run[];
  /** A rename on the remote that was under way when this was written: of this file, or of another to its path. */
  readonly move?: Move | undefined;
  /** The file of the cache folder that had this path until now, and may still be there. */
  readonly replaces?: string | undefined;
}

/** What a record says beside what the bytes themselves tell. */
export type RecordHead = Omit<FileRecord, keyof RecordedBytes>;

/** What the bytes of a cached file tell. */
export type RecordedBytes = Pick<FileRecord, 'size' | 'remoteSize' | 'runs'>;

/** As JSON has it: numbers of nanoseconds as text, attributes in base64, runs flat. What an entry had for attributes is
 *  asked anew. */
interface Written extends Omit<FileRecord, 'modified' | 'attributes' | 'entry' | 'runs' | 'move'> {
  readonly modified: string;
  /** Absent for none. */
  readonly attributes?: string | undefined;
  readonly entry: WrittenEntry | null;
  readonly runs: readonly number[];
  readonly move?: WrittenMove | undefined;
}

interface WrittenMove extends Pick<Move, 'from' | 'to'> {
  readonly entry: WrittenEntry;
  readonly replaced: WrittenEntry | null;
}

type WrittenEntry = Omit<FileEntry, 'modified' | 'attributes'> & { readonly modified: string | null };

const magic = Buffer.from('COFFERV1');
const headLength = magic.length + nonceSize;

export function recordOf(head: RecordHead, { size, remoteSize, runs }: RecordedBytes): FileRecord {
  const { path, modified, attributes, entry, move, replaces } = head;
  return { path, size, modified, attributes, entry, remoteSize, runs, move, replaces };
}

/** Magic, nonce, sealed JSON. */
export function sealRecord(record: FileRecord, key: BoxKey): Uint8Array {
  const plain = Buffer.from(JSON.stringify(write(record)));
  const sealed = new Uint8Array(headLength + plain.length + tagSize);
  sealed.set(magic);
  fillNonce(sealed.subarray(magic.length));
  sealBox(sealed.subarray(headLength), plain, magic, sealed.subarray(magic.length, headLength), key);
  return sealed;
}

/** Null for what is no record, none under this key, or none that this build understands. */
export function openRecord(sealed: Uint8Array, key: BoxKey): FileRecord | null {
  if (Buffer.compare(sealed.subarray(0, magic.length), magic) !== 0) return null;
  if (sealed.length < headLength + tagSize) return null;
  const plain = Buffer.alloc(sealed.length - headLength - tagSize);
  const nonce = sealed.subarray(magic.length, headLength);
  if (!openBox(plain, sealed.subarray(headLength), magic, nonce, key)) return null;
  try {
    return read(JSON.parse(plain.toString()));
  } catch {
    // What authenticates is what was written, but perhaps by another build.
    return null;
  }
}

/** Each field by its name: a spread with others beside it is slow, and each new file has a record. */
function write({ path, size, modified, attributes, entry, remoteSize, runs, move, replaces }: FileRecord): Written {
  return {
    path,
    size,
    modified: String(modified),
    attributes: attributes ? Buffer.from(attributes).toString('base64') : undefined,
    entry: entry && writeEntry(entry),
    remoteSize,
    runs: runs.flatMap(({ block, slot, count }) => [block, slot, count]),
    move: move && {
      ...move,
      entry: writeEntry(move.entry),
      replaced: move.replaced && writeEntry(move.replaced),
    },
    replaces,
  };
}

function writeEntry({ attributes: _, modified, ...rest }: FileEntry): WrittenEntry {
  return { ...rest, modified: modified === null ? null : String(modified) };
}

function read({ modified, attributes, entry, runs, move, ...rest }: Written): FileRecord {
  return {
    ...rest,
    modified: BigInt(modified),
    attributes: attributes === undefined ? null : new Uint8Array(Buffer.from(attributes, 'base64')),
    entry: entry && readEntry(entry),
    runs: Array.from({ length: runs.length / 3 }, (_, i) => {
      const [block = 0, slot = 0, count = 0] = runs.slice(3 * i, 3 * i + 3);
      return { block, slot, count };
    }),
    ...(move && { move: readMove(move) }),
  };
}

function readMove({ from, to, entry, replaced }: WrittenMove): Move {
  return { from, to, entry: readEntry(entry), replaced: replaced && readEntry(replaced) };
}

function readEntry(entry: WrittenEntry): FileEntry {
  return { ...entry, modified: entry.modified === null ? null : BigInt(entry.modified) };
}
