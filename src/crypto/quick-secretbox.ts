import type { Engine } from './engine.ts';
import { loadPoly1305 } from './poly1305.ts';
import { keySize, tagSize } from './secretbox.ts';

export type Secretbox = Pick<Engine, 'seal' | 'open'>;

/** What of sodium-native's binding XSalsa20 takes, piece by piece. */
export interface StreamBinding {
  readonly crypto_stream_xor_STATEBYTES: number;
  crypto_stream_xor_init(state: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_stream_xor_update(state: Uint8Array, out: Uint8Array, bytes: Uint8Array): void;
  /** In constant time. */
  sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean;
}

/** A secretbox of libsodium's XSalsa20 and OpenSSL's Poly1305: docs/decisions/0200-poly1305-by-openssl.md. Lengths must
 *  fit, and arrays not overlap. Throws where OpenSSL's cannot be called. To load it takes some milliseconds. */
export function loadQuickSecretbox(binding: StreamBinding): Secretbox {
  const authenticate = loadPoly1305();
  const state = Buffer.alloc(binding.crypto_stream_xor_STATEBYTES);
  const zeros = Buffer.alloc(keySize);
  const tagKey = Buffer.alloc(keySize);
  const tag = Buffer.alloc(tagSize);

  // The first 32 bytes of the key stream are the tag's key, the message takes what follows.
  const begin = (nonce: Uint8Array, key: Uint8Array): void => {
    binding.crypto_stream_xor_init(state, nonce, key);
    binding.crypto_stream_xor_update(state, tagKey, zeros);
  };
  return {
    seal(out, plain, nonce, key) {
      begin(nonce, key);
      const sealed = out.subarray(tagSize);
      binding.crypto_stream_xor_update(state, sealed, plain);
      authenticate(out.subarray(0, tagSize), sealed, tagKey);
    },
    open(out, box, nonce, key) {
      begin(nonce, key);
      const sealed = box.subarray(tagSize);
      authenticate(tag, sealed, tagKey);
      if (!binding.sodium_memcmp(tag, box.subarray(0, tagSize))) return false;
      binding.crypto_stream_xor_update(state, out, sealed);
      return true;
    },
  };
}

/** Whether `quick` seals and opens as `sure` does, around the lengths of the ciphers' blocks, and opens nothing else. */
export function computesTheSame(quick: Secretbox, sure: Secretbox): boolean {
  const key = new Uint8Array(keySize).fill(1);
  const nonce = new Uint8Array(24).fill(2);
  return [1, 16, 31, 32, 33, 64, 100, 1000].every((length) => {
    const plain = Uint8Array.from({ length }, (_, index) => index);
    const [expected, box] = [new Uint8Array(length + tagSize), new Uint8Array(length + tagSize)];
    sure.seal(expected, plain, nonce, key);
    quick.seal(box, plain, nonce, key);
    const opened = new Uint8Array(length);
    if (Buffer.compare(box, expected) !== 0 || !quick.open(opened, box, nonce, key)) return false;
    if (Buffer.compare(opened, plain) !== 0) return false;
    box[length] = (box[length] as number) ^ 1;
    return !quick.open(opened, box, nonce, key);
  });
}
