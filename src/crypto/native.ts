import { scrypt } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Engine } from './engine.ts';
import { type Box, computesTheSame, unlessBroken, whenWorthIt } from './quick.ts';
import { loadQuickSecretbox, type StreamBinding } from './quick-secretbox.ts';
import { checkLengths, nonceSize } from './secretbox.ts';

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
  const libsodium: Box = {
    seal: (out, plain, nonce, key) => void binding.crypto_secretbox_easy(out, plain, nonce, key),
    open: (out, box, nonce, key) => binding.crypto_secretbox_open_easy(out, box, nonce, key),
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
    scrypt: (password, salt, length) =>
      new Promise((resolve, reject) => {
        scrypt(password, salt, length, { N: 16_384, r: 8, p: 1 }, (error, key) =>
          error ? reject(error) : resolve(new Uint8Array(key)),
        );
      }),
  };
}

function loadQuick(libsodium: Box, binding: StreamBinding): Box | null {
  return unlessBroken(() => {
    const quick = loadQuickSecretbox(binding);
    return computesTheSame(quick, libsodium, nonceSize) ? quick : null;
  });
}
