import { Failure } from '../../core/failure.ts';

/** Reads the fields of a key file one after the other. Numbers are big-endian. */
export interface FieldReader {
  /** The next `length` bytes. Throws Failure('corrupt') where there are fewer. */
  take(length: number): Buffer;
  uint32(): number;
  /** A length, then as many bytes. */
  string(): Buffer;
  readonly isAtEnd: boolean;
}

/** `lengthSize`: bytes in the length of a string, 2 in Crypt4GH's keys and 4 in OpenSSH's. */
export function readFields(bytes: Uint8Array, lengthSize: 2 | 4): FieldReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  const take = (length: number): Buffer => {
    if (length > buffer.length - offset)
      throw new Failure('corrupt', 'the key is cut: it ends in the middle of a field');
    offset += length;
    return buffer.subarray(offset - length, offset);
  };
  return {
    take,
    uint32: () => take(4).readUInt32BE(),
    string: () => take(take(lengthSize).readUIntBE(0, lengthSize)),
    get isAtEnd() {
      return offset === buffer.length;
    },
  };
}

/** A string of Crypt4GH's keys: its length in two bytes, then itself. Throws Failure('usage') for one over 65,535 bytes. */
export function shortString(bytes: Uint8Array | string): Buffer {
  const content = Buffer.from(bytes as Uint8Array);
  if (content.length > 0xffff) throw new Failure('usage', `${content.length} bytes are too many for a field of a key`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length);
  return Buffer.concat([length, content]);
}
