import { loadPoly1305 } from './poly1305.ts';
import type { Box } from './quick.ts';
import { keySize, tagSize } from './secretbox.ts';

/** What of sodium-native's binding XSalsa20 takes, piece by piece. */
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

// The longest way to a part that is decrypted in one go: a chunk of rclone's crypt.
const skippedRoom = 1 << 16;

/** A secretbox of libsodium's XSalsa20 and OpenSSL's Poly1305: docs/decisions/0200-poly1305-by-openssl.md. Lengths must
 *  fit, and arrays not overlap. Throws where OpenSSL's cannot be called. To load it takes some milliseconds. */
export function loadQuickSecretbox(binding: StreamBinding): Secretbox {
  const authenticate = loadPoly1305();
  const state = Buffer.alloc(binding.crypto_stream_xor_STATEBYTES);
  const zeros = Buffer.alloc(keySize);
  const tagKey = Buffer.alloc(keySize);
  const tag = Buffer.alloc(tagSize);
  const skipped = Buffer.alloc(skippedRoom);

  // The first 32 bytes of the key stream are the tag's key, the message takes what follows.
  const begin = (nonce: Uint8Array, key: Uint8Array): void => {
    binding.crypto_stream_xor_init(state, nonce, key);
    binding.crypto_stream_xor_update(state, tagKey, zeros);
  };
  /** Takes the key stream over what lies before a part. */
  const skip = (sealed: Uint8Array): void => {
    for (let at = 0; at < sealed.length; at += skippedRoom) {
      const next = sealed.subarray(at, at + skippedRoom);
      binding.crypto_stream_xor_update(state, skipped.subarray(0, next.length), next);
    }
  };

  function openPart(out: Uint8Array, box: Uint8Array, from: number, nonce: Uint8Array, key: Uint8Array): boolean {
    begin(nonce, key);
    const sealed = box.subarray(tagSize);
    authenticate(tag, sealed, tagKey);
    if (!binding.sodium_memcmp(tag, box.subarray(0, tagSize))) return false;
    skip(sealed.subarray(0, from));
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
