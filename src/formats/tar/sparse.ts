import { Failure } from '../../core/failure.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Extent } from './entry.ts';
import { blockSize, parseNumber } from './header.ts';
import type { Records } from './records.ts';

/** What an archive says of a sparse file. */
export interface SparseFile {
  readonly extents: readonly Extent[];
  /** Bytes of the whole file. */
  readonly size: number;
  /** Bytes of the map that stood in front of the data. */
  readonly mapSize: number;
}

const mostExtents = 1_000_000;

/** The map of GNU's oldest form: four stretches in the header itself, then blocks of 21. */
export async function readOldMap(header: Uint8Array, reader: ByteReader): Promise<SparseFile> {
  const extents = mapEntries(header.subarray(386, 482));
  let isExtended = header[482] === 1;
  while (isExtended) {
    const block = await reader.take(blockSize);
    if (block.length < blockSize || extents.length > mostExtents) throw broken();
    extents.push(...mapEntries(block.subarray(0, 504)));
    isExtended = block[504] === 1;
  }
  return { extents, size: whole(parseNumber(header.subarray(483, 495))), mapSize: 0 };
}

function mapEntries(bytes: Uint8Array): Extent[] {
  const extents: Extent[] = [];
  for (let at = 0; at < bytes.length && bytes[at + 12] !== 0; at += 24) {
    extents.push({
      offset: whole(parseNumber(bytes.subarray(at, at + 12))),
      size: whole(parseNumber(bytes.subarray(at + 12, at + 24))),
    });
  }
  return extents;
}

/** The map of the forms 0.0, 0.1 and 1.0, which pax records announce; null where they say nothing of the kind. The last
 *  form has it in front of the data (GNU tar's manual, "Storing Sparse Files"). */
export async function readPaxMap(records: Records, reader: ByteReader): Promise<SparseFile | null> {
  const values = new Map(records);
  const size = Number(values.get('GNU.sparse.realsize') ?? values.get('GNU.sparse.size'));
  if (values.get('GNU.sparse.major') === '1') {
    const { numbers, length } = await readNumbers(reader);
    return { extents: inPairs(numbers), size: whole(size), mapSize: length };
  }
  if (!values.has('GNU.sparse.size')) return null;
  const map = values.get('GNU.sparse.map')?.split(',').filter(Boolean) ?? valuesOfPairs(records);
  return { extents: inPairs(map.map(Number)), size: whole(size), mapSize: 0 };
}

function valuesOfPairs(records: Records): string[] {
  return records.flatMap(([key, value]) => (/^GNU\.sparse\.(?:offset|numbytes)$/.test(key) ? [value] : []));
}

/** Decimal numbers, one a line, the first of which counts the pairs that follow; filled up to a whole block. */
async function readNumbers(reader: ByteReader): Promise<{ readonly numbers: number[]; readonly length: number }> {
  const numbers: number[] = [];
  // The start of a number that goes on in the next block.
  let started = '';
  for (let length = blockSize; ; length += blockSize) {
    const block = await reader.take(blockSize);
    if (block.length < blockSize || started.length > blockSize) throw broken();
    const lines = (started + Buffer.from(block).toString('latin1')).split('\n');
    started = lines.pop() ?? '';
    for (const line of lines) numbers.push(Number(line));
    if (numbers.length === 0) continue;
    const count = 2 * whole(numbers[0] as number);
    if (count > 2 * mostExtents) throw broken();
    if (numbers.length > count) return { numbers: numbers.slice(1, 1 + count), length };
  }
}

function inPairs(numbers: readonly number[]): Extent[] {
  if (numbers.length % 2 !== 0) throw broken();
  const extents: Extent[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    extents.push({ offset: whole(numbers[i] as number), size: whole(numbers[i + 1] as number) });
  }
  return extents;
}

/** Throws Failure('corrupt') unless the stretches follow each other within the file and hold `stored` bytes in all. */
export function checkMap({ extents, size }: SparseFile, stored: number): void {
  let end = 0;
  let sum = 0;
  for (const extent of extents) {
    if (extent.offset < end) throw broken();
    end = extent.offset + extent.size;
    sum += extent.size;
  }
  if (end > size || sum !== stored) throw broken();
}

/** The map of form 1.0, filled up to a whole block. */
export function formatMap(extents: readonly Extent[]): Uint8Array {
  const numbers = [extents.length, ...extents.flatMap(({ offset, size }) => [offset, size])];
  const text = numbers.map((number) => `${number}\n`).join('');
  const map = Buffer.alloc(Math.ceil(text.length / blockSize) * blockSize);
  map.write(text, 'latin1');
  return map;
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw broken();
  return value;
}

function broken(): Failure {
  return new Failure('corrupt', 'the map of a sparse file in the archive is broken');
}
