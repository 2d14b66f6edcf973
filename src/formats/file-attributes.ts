import { concat, viewOf } from '../core/bytes.ts';
import { bytesToName, nameToBytes } from '../core/name-bytes.ts';

/** What a file has beside its bytes, its name and its time. What is not set is left to the reader. */
export interface FileAttributes {
  /** Permission bits, set-user-ID, set-group-ID and sticky bit. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Extended attributes by name, as xattr(7) has them. */
  readonly extended: ReadonlyMap<string, Uint8Array>;
}

export const noAttributes: FileAttributes = { extended: new Map() };

const version = 1;
const tags = { mode: 1, uid: 2, gid: 3, extended: 4 } as const;
/** Bytes of the numbers that stand under a tag. */
const widths = { mode: 2, uid: 4, gid: 4 } as const;
const headLength = 3;
/** A field's length has sixteen bits. */
const longestField = 0xffff;

/** A version, then fields: tag (1 byte), length (2), value; numbers are big-endian. An extended attribute is the length of
 *  its name (1), the name, its value. Throws RangeError for a field that is too long: see `fitsField`. */
export function encodeAttributes(attributes: FileAttributes): Uint8Array {
  const fields: Uint8Array[] = [Uint8Array.of(version)];
  for (const key of ['mode', 'uid', 'gid'] as const) {
    const value = attributes[key];
    if (value !== undefined) fields.push(encodeNumber(tags[key], widths[key], value));
  }
  for (const [name, value] of attributes.extended) {
    const bytes = nameToBytes(name);
    fields.push(encodeField(tags.extended, concat([Uint8Array.of(bytes.length), bytes, value])));
  }
  return concat(fields);
}

/** Null for what another version wrote, and for bytes that are no attributes. */
export function decodeAttributes(bytes: Uint8Array): FileAttributes | null {
  if (bytes[0] !== version) return null;
  const numbers: { mode?: number; uid?: number; gid?: number } = {};
  const extended = new Map<string, Uint8Array>();
  const view = viewOf(bytes);
  for (let offset = 1; offset < bytes.length; ) {
    if (offset + headLength > bytes.length) return null;
    const tag = bytes[offset];
    const end = offset + headLength + view.getUint16(offset + 1);
    const value = bytes.subarray(offset + headLength, end);
    if (end > bytes.length) return null;
    const key = (['mode', 'uid', 'gid'] as const).find((name) => tags[name] === tag);
    if (key) {
      if (value.length !== widths[key]) return null;
      numbers[key] = value.reduce((sum, byte) => sum * 256 + byte, 0);
    } else if (tag === tags.extended) {
      const nameEnd = 1 + (value[0] ?? 0);
      if (nameEnd === 1 || nameEnd > value.length) return null;
      extended.set(bytesToName(value.subarray(1, nameEnd)), new Uint8Array(value.subarray(nameEnd)));
    } else return null;
    offset = end;
  }
  return { ...numbers, extended };
}

/** Whether a value can stand under a name of that many bytes. */
export function fitsField(nameLength: number, valueLength: number): boolean {
  return nameLength > 0 && nameLength < 256 && 1 + nameLength + valueLength <= longestField;
}

function encodeNumber(tag: number, width: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return encodeField(tag, bytes.subarray(4 - width));
}

function encodeField(tag: number, value: Uint8Array): Uint8Array {
  if (value.length > longestField) throw new RangeError(`a field of ${value.length} bytes`);
  return concat([Uint8Array.of(tag, value.length >> 8, value.length & 0xff), value]);
}
