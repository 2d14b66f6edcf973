import { Failure } from '../../core/failure.ts';
import { keySize } from '../../crypto/x25519.ts';

/** Lengths that alternate: bytes to skip, bytes to keep, from a skip. After an odd count all the rest is kept. */
export type EditList = readonly number[];

/** What a packet says once it is open. */
export type Payload = { readonly dataKey: Uint8Array } | { readonly edits: EditList };

const dataKeyType = 0;
const editListType = 1;
const chacha20Poly1305 = 0;

export function formatDataKey(key: Uint8Array): Uint8Array {
  const payload = Buffer.alloc(8 + keySize);
  payload.writeUInt32LE(dataKeyType, 0);
  payload.writeUInt32LE(chacha20Poly1305, 4);
  payload.set(key, 8);
  return payload;
}

export function formatEditList(edits: EditList): Uint8Array {
  const payload = Buffer.alloc(8 + 8 * edits.length);
  payload.writeUInt32LE(editListType, 0);
  payload.writeUInt32LE(edits.length, 4);
  edits.forEach((length, i) => {
    payload.writeBigUInt64LE(BigInt(length), 8 + 8 * i);
  });
  return payload;
}

/** Reads an opened packet; what stands behind its fields is padding. `path` is what messages call the file.
 *  Throws Failure('unsupported') for an unknown type or cipher (as the reference does: to go on without knowing what a
 *  packet asks for would give other bytes), Failure('corrupt') where fields are missing or too large. */
export function parsePayload(bytes: Uint8Array, path: string): Payload {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (payload.length < 8) throw new Failure('corrupt', `${path}: has a header packet that is too short`, { path });
  const [type, second] = [payload.readUInt32LE(0), payload.readUInt32LE(4)];
  if (type === dataKeyType) return { dataKey: parseDataKey(payload, second, path) };
  if (type === editListType) return { edits: parseEditList(payload, second, path) };
  throw new Failure('unsupported', `${path}: has a header packet of the unknown type ${type}`, { path });
}

function parseDataKey(payload: Buffer, method: number, path: string): Uint8Array {
  if (method !== chacha20Poly1305) {
    throw new Failure('unsupported', `${path}: is sealed with the unknown cipher ${method}`, { path });
  }
  if (payload.length < 8 + keySize) throw new Failure('corrupt', `${path}: has a data key that is cut`, { path });
  return Uint8Array.from(payload.subarray(8, 8 + keySize));
}

function parseEditList(payload: Buffer, count: number, path: string): EditList {
  if (payload.length < 8 + 8 * count) {
    throw new Failure('corrupt', `${path}: its edit list is too short for ${count} lengths`, { path });
  }
  const edits = Array.from({ length: count }, (_, i) => Number(payload.readBigUInt64LE(8 + 8 * i)));
  // Positions must stay exact; 2^53 bytes are 8 PiB.
  if (edits.reduce((sum, length) => sum + length, 0) > Number.MAX_SAFE_INTEGER) {
    throw new Failure('corrupt', `${path}: its edit list reaches farther than any file`, { path });
  }
  return edits;
}
