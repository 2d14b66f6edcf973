import { loadLibrary } from '../core/c-library.ts';
import { Failure } from '../core/failure.ts';
import { type Aead, type AeadName, keySize, nonceSize, tagSize } from './aead.ts';

// Of <openssl/evp.h>.
const EVP_CTRL_AEAD_GET_TAG = 0x10;
const EVP_CTRL_AEAD_SET_TAG = 0x11;

const ciphers = { 'aes-256-gcm': 'EVP_aes_256_gcm', 'chacha20-poly1305': 'EVP_chacha20_poly1305' };

/** By the OpenSSL inside node, whose functions read and write arrays that are there already. Throws where koffi has no
 *  build for this system, or node does not export these functions. */
export function loadOpenssl(name: AeadName): Aead {
  const library = loadLibrary();
  const newContext = library.func<unknown>('void *EVP_CIPHER_CTX_new()');
  const cipher = library.func<unknown>(`void *${ciphers[name]}()`)();
  const forgetErrors = library.func('void ERR_clear_error()');
  const control = library.func('int EVP_CIPHER_CTX_ctrl(void *ctx, int type, int arg, void *ptr)');
  const direction = (name: string) => ({
    begin: library.func(`int EVP_${name}Init_ex(void *ctx, void *cipher, void *engine, void *key, void *iv)`),
    update: library.func(`int EVP_${name}Update(void *ctx, void *out, void *length, const void *in, int count)`),
    finish: library.func(`int EVP_${name}Final_ex(void *ctx, void *out, void *length)`),
    state: newContext(),
  });
  const encrypt = direction('Encrypt');
  const decrypt = direction('Decrypt');
  for (const { begin, state } of [encrypt, decrypt]) check(begin(state, cipher, null, null, null));

  // How many bytes were written is known beforehand.
  const length = new Int32Array(1);
  const rest = new Uint8Array(tagSize);

  return {
    seal(out, plain, context, nonce, key) {
      const { begin, update, finish, state } = encrypt;
      checkLengths(plain, out, nonce, key);
      check(begin(state, null, null, key, nonce));
      if (context.length > 0) check(update(state, null, length, context, context.length));
      check(update(state, out, length, plain, plain.length));
      check(finish(state, rest, length));
      check(control(state, EVP_CTRL_AEAD_GET_TAG, tagSize, out.subarray(plain.length)));
    },
    open(out, box, context, nonce, key) {
      const { begin, update, finish, state } = decrypt;
      checkLengths(out, box, nonce, key);
      check(begin(state, null, null, key, nonce));
      check(control(state, EVP_CTRL_AEAD_SET_TAG, tagSize, box.subarray(out.length)));
      if (context.length > 0) check(update(state, null, length, context, context.length));
      check(update(state, out, length, box, out.length));
      if (finish(state, rest, length) === 1) return true;
      // An error that stays in OpenSSL's queue would look to node like a failure of its own next call.
      forgetErrors();
      return false;
    },
  };
}

/** Memory is written to by address: nothing may be too short. */
function checkLengths(plain: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): void {
  if (box.length === plain.length + tagSize && nonce.length === nonceSize && key.length === keySize) return;
  throw new RangeError(`lengths ${plain.length}, ${box.length}, ${nonce.length}, ${key.length} do not fit`);
}

/** Throws where a function of OpenSSL's says that it failed. */
export function check(result: number): void {
  if (result !== 1) throw new Failure('fatal', "a call of node's OpenSSL failed");
}
