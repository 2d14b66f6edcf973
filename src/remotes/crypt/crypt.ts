import { randomBytes } from 'node:crypto';
import type { Backend } from '../../core/backend.ts';
import { noBytes } from '../../core/bytes.ts';
import { loadEngine } from '../../crypto/engine.ts';
import { nonceSize } from '../../crypto/secretbox.ts';
import { deriveKeys } from '../../formats/rclone-crypt/keys.ts';
import { createNames } from '../../formats/rclone-crypt/names/names.ts';
import { nameOptions, options } from './options.ts';
import { createCryptRemote } from './remote.ts';

/** rclone's crypt: names and content encrypted over another remote, bit for bit as rclone does it. */
export const backend: Backend<typeof options> = {
  type: 'crypt',
  description: 'Encrypt/Decrypt a remote',
  options,
  async open(own, { name, location, report, environment }) {
    const keysOf = async () => {
      const engine = await loadEngine(environment);
      return { engine, keys: await deriveKeys(engine, own.password, own.password2) };
    };
    // Together: the keys take some 40 ms on another thread, the base may have to log in.
    const [base, { engine, keys }] = await Promise.all([location(own.remote), keysOf()]);
    const remote = createCryptRemote(base, {
      label: `${name}:`,
      names: createNames(keys, nameOptions(own)),
      encryptsFiles: own.filename_encryption !== 'off',
      encryptsFolders: own.filename_encryption !== 'off' && own.directory_name_encryption,
      content: own.no_data_encryption ? null : { engine, dataKey: keys.dataKey },
      showsMapping: own.show_mapping,
      isStrict: own.strict_names,
      passesBadChunks: own.pass_bad_blocks,
      randomNonce: createNonces(),
      report,
    });
    return { remote, path: '' };
  },
};

const noncesAtOnce = 128;

/** A call for random bytes costs as much for one nonce as for many. */
function createNonces(): () => Uint8Array {
  let pool = noBytes;
  return () => {
    if (pool.length === 0) pool = randomBytes(noncesAtOnce * nonceSize);
    const nonce = pool.subarray(0, nonceSize);
    pool = pool.subarray(nonceSize);
    return nonce;
  };
}
