import { scrypt } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Engine } from './engine.ts';
import { type Box, computesTheSame, unlessBroken, whenWorthIt } from './quick.ts';
import { loadQuickSecretbox, opensParts, type Secretbox, type StreamBinding } from './quick-secretbox.ts';
import { checkLengths, checkPart, nonceSize, tagSize } from './secretbox.ts';

/** The functions of sodium-native's binding that we call. */
interface Binding extends StreamBinding {
  crypto_secretbox_easy(box: Uint8Array, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): number;
  crypto_secretbox_open_easy(plain: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
}

/** libsodium, and the scrypt of node's OpenSSL. Throws where sodium-native has no build for this system.
 *  The binding is loaded past the package's own loader: docs/decisions/0003-sodium-native-without-its-loader.md. */
export function loadNativeEngine(): Engine {
  const build = `${process.platform}-${process.arch}`;
  const binding: Binding = createRequire(import.meta.url)(`sodium-native/prebuilds/${build}/sodium-native.node`);
  const open: Secretbox['open'] = (out, box, nonce, key) => binding.crypto_secretbox_open_easy(out, box, nonce, key);
  const libsodium: Secretbox = {
    seal: (out, plain, nonce, key) => void binding.crypto_secretbox_easy(out, plain, nonce, key),
    open,
    openPart(out, box, from, nonce, key) {
      const plain = new Uint8Array(box.length - tagSize);
      const isOpen = open(plain, box, nonce, key);
      out.set(plain.subarray(from, from + out.length));
      return isOpen;
    },
  };
  const secretboxFor = whenWorthIt(libsodium, () => loadQuick(libsodium, binding) ?? libsodium);

  return {
    name: 'native',
    seal(out, plain, nonce, key) {
      checkLengths(plain, out, nonce, key);
      secretboxFor(plain.length).seal(out, plain, nonce, key);
    },
    open(out, box, nonce, key) {
      checkLengths(out, box, nonce, key);
      return secretboxFor(box.length).open(out, box, nonce, key);
    },
    openPart(out, box, from, nonce, key) {
      checkPart(out, box, from, nonce, key);
      return secretboxFor(box.length).openPart(out, box, from, nonce, key);
    },
    prepare: () => void secretboxFor(Number.POSITIVE_INFINITY),
    scrypt: (password, salt, length) =>
      new Promise((resolve, reject) => {
        scrypt(password, salt, length, { N: 16_384, r: 8, p: 1 }, (error, key) =>
          error ? reject(error) : resolve(new Uint8Array(key)),
        );
      }),
  };
}

function loadQuick(libsodium: Box, binding: StreamBinding): Secretbox | null {
  return unlessBroken(() => {
    const quick = loadQuickSecretbox(binding);
    return computesTheSame(quick, libsodium, nonceSize) && opensParts(quick) ? quick : null;
  });
}
