import { Failure } from '../../core/failure.ts';
import { bytesToName, nameToBytes } from '../../core/name-bytes.ts';

export const blockSize = 512;

/** The fields of a header block, as they stand. Names carry other bytes than UTF-8 as `core/name-bytes.ts` says. */
export interface Header {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of what follows, without its padding. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** The character that says what it is: `0` a file, `5` a folder, `x` records about the next member. */
  readonly type: string;
  readonly target: string;
  readonly owner: string;
  readonly group: string;
}

// POSIX.1-2017, pax, "ustar Interchange Format": where a field begins and how long it is.
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 8],
  owner: [265, 32],
  group: [297, 32],
  prefix: [345, 155],
} as const;
type Field = keyof typeof fields;

const posixMagic = 'ustar\x0000';

/** Throws Failure('corrupt') where the checksum does not fit: this is no header. */
export function parseHeader(block: Uint8Array): Header {
  const sum = numberIn(block, 'checksum');
  if (sum !== checksum(block)) throw new Failure('corrupt', 'a tar header is missing');
  const name = textIn(block, 'name');
  // In GNU's own form other things stand in the place of the prefix.
  const isPosix = textIn(block, 'magic').startsWith('ustar') && block[262] === 0;
  const prefix = isPosix ? textIn(block, 'prefix') : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: numberIn(block, 'mode'),
    uid: numberIn(block, 'uid'),
    gid: numberIn(block, 'gid'),
    size: numberIn(block, 'size'),
    modified: numberIn(block, 'modified'),
    type: String.fromCharCode(block[fields.type[0]] || 0x30),
    target: textIn(block, 'target'),
    owner: textIn(block, 'owner'),
    group: textIn(block, 'group'),
  };
}

/** A block of POSIX's form. What does not fit in a field is cut: pax records in front of it tell the whole. */
export function formatHeader(header: Header): Uint8Array {
  const block = new Uint8Array(blockSize);
  putText(block, 'name', header.name);
  putNumber(block, 'mode', header.mode);
  putNumber(block, 'uid', header.uid);
  putNumber(block, 'gid', header.gid);
  putNumber(block, 'size', header.size);
  putNumber(block, 'modified', header.modified);
  putText(block, 'type', header.type);
  putText(block, 'target', header.target);
  putText(block, 'magic', posixMagic);
  putText(block, 'owner', header.owner);
  putText(block, 'group', header.group);
  const sum = `${checksum(block).toString(8).padStart(6, '0')}\0 `;
  putText(block, 'checksum', sum);
  return block;
}

/** Whether the field holds the text, or the number, without being cut. */
export function fits(field: Field, value: string | number): boolean {
  const [, length] = fields[field];
  if (typeof value === 'string') return nameToBytes(value).length <= length;
  return value >= 0 && value < 8 ** (length - 1);
}

/** Bytes after `size` bytes of content, up to a whole block. */
export function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

/** A number in octal digits, or in GNU's base 256 where the first bit is set. */
export function parseNumber(bytes: Uint8Array): number {
  const [first = 0] = bytes;
  if ((first & 0x80) === 0) {
    const digits = Buffer.from(bytes)
      .toString('latin1')
      .replace(/[\0 ]+/g, '');
    return Number.parseInt(digits, 8) || 0;
  }
  const isNegative = (first & 0x40) !== 0;
  const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, isNegative ? -1 : first & 0x3f);
  if (!Number.isSafeInteger(value)) throw new Failure('corrupt', 'a number in its tar header is too large');
  return value;
}

function numberIn(block: Uint8Array, field: Field): number {
  const [offset, length] = fields[field];
  return parseNumber(block.subarray(offset, offset + length));
}

function textIn(block: Uint8Array, field: Field): string {
  const [offset, length] = fields[field];
  return textOf(block.subarray(offset, offset + length));
}

/** The text up to the first NUL. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return bytesToName(end < 0 ? bytes : bytes.subarray(0, end));
}

function putText(block: Uint8Array, field: Field, text: string): void {
  const [offset, length] = fields[field];
  block.set(nameToBytes(text).subarray(0, length), offset);
}

function putNumber(block: Uint8Array, field: Field, value: number): void {
  const [offset, length] = fields[field];
  const digits = fits(field, value) ? Math.floor(value).toString(8) : '';
  block.set(Buffer.from(digits.padStart(length - 1, '0')), offset);
}

/** The sum of all bytes, its own field counted as spaces. */
function checksum(block: Uint8Array): number {
  const [offset, length] = fields.checksum;
  let sum = length * 0x20;
  for (let i = 0; i < block.length; i++) if (i < offset || i >= offset + length) sum += block[i] ?? 0;
  return sum;
}
