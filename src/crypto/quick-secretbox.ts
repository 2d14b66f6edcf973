import { viewOf } from '../core/bytes.ts';
import { loadPoly1305 } from './poly1305.ts';
import type { Box } from './quick.ts';
import { keySize, nonceSize, tagSize } from './secretbox.ts';

/** The part of sodium-native's binding that applies XSalsa20 to a message piece by piece. */
export interface StreamBinding {
  readonly crypto_stream_xor_STATEBYTES: number;
  crypto_stream_xor_init(state: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_stream_xor_update(state: Uint8Array, out: Uint8Array, bytes: Uint8Array): void;
  /** In constant time. */
  sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean;
}

/** As the engines' methods of these names: `crypto/engine.ts`. */
export interface Secretbox extends Box {
  openPart(out: Uint8Array, box: Uint8Array, from: number, nonce: Uint8Array, key: Uint8Array): boolean;
}

// XSalsa20's key stream comes in blocks.
const streamBlock = 64;
// Where the state of a stream, as binding.cc of sodium-native 5 has it, keeps how much of a block is left over (an int), and
// the number of the next block (64 bits).
const heldOffset = 120;
const blockOffset = 128;

/** A secretbox of libsodium's XSalsa20 and OpenSSL's Poly1305: docs/decisions/0200-poly1305-by-openssl.md. Lengths must
 *  fit, and arrays not overlap. Throws where OpenSSL's cannot be called. To load it takes some milliseconds. */
export function loadQuickSecretbox(binding: StreamBinding): Secretbox {
  const authenticate = loadPoly1305();
  const state = Buffer.alloc(binding.crypto_stream_xor_STATEBYTES);
  const fields = viewOf(state);
  const zeros = Buffer.alloc(keySize);
  const tagKey = Buffer.alloc(keySize);
  const tag = Buffer.alloc(tagSize);
  const rest = Buffer.alloc(streamBlock);

  // The first 32 bytes of the key stream are the tag's key, the message takes what follows.
  const begin = (nonce: Uint8Array, key: Uint8Array): void => {
    binding.crypto_stream_xor_init(state, nonce, key);
    binding.crypto_stream_xor_update(state, tagKey, zeros);
  };
  /** Takes the key stream to byte `from` of the message. */
  const seek = (from: number): void => {
    const position = keySize + from;
    fields.setInt32(heldOffset, 0, true);
    fields.setBigUint64(blockOffset, BigInt(Math.floor(position / streamBlock)), true);
    const before = rest.subarray(0, position % streamBlock);
    binding.crypto_stream_xor_update(state, before, before);
  };

  function openPart(out: Uint8Array, box: Uint8Array, from: number, nonce: Uint8Array, key: Uint8Array): boolean {
    begin(nonce, key);
    const sealed = box.subarray(tagSize);
    authenticate(tag, sealed, tagKey);
    if (!binding.sodium_memcmp(tag, box.subarray(0, tagSize))) return false;
    if (from > 0) seek(from);
    binding.crypto_stream_xor_update(state, out, sealed.subarray(from, from + out.length));
    return true;
  }

  return {
    seal(out, plain, nonce, key) {
      begin(nonce, key);
      const sealed = out.subarray(tagSize);
      binding.crypto_stream_xor_update(state, sealed, plain);
      authenticate(out.subarray(0, tagSize), sealed, tagKey);
    },
    open: (out, box, nonce, key) => openPart(out, box, 0, nonce, key),
    openPart,
  };
}

/** Whether it opens parts of what it has sealed as a whole. To be asked before any part is opened: where one lies in the key
 *  stream is written into a state whose form sodium-native does not promise to keep. */
export function opensParts({ seal, openPart }: Secretbox): boolean {
  const key = new Uint8Array(keySize).fill(1);
  const nonce = new Uint8Array(nonceSize).fill(2);
  const plain = Uint8Array.from({ length: 1000 }, (_, index) => index);
  const box = new Uint8Array(plain.length + tagSize);
  seal(box, plain, nonce, key);
  return [0, 1, 31, 32, 33, 63, 64, 96, 512, 999].every((from) => {
    const expected = plain.subarray(from, from + 200);
    const part = new Uint8Array(expected.length);
    return openPart(part, box, from, nonce, key) && Buffer.compare(part, expected) === 0;
  });
}
