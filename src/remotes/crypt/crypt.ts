import type { Backend } from '../../core/backend.ts';
import type { Report } from '../../core/report.ts';
import { type Engine, loadEngine } from '../../crypto/engine.ts';
import { createRandomPieces } from '../../crypto/random-pieces.ts';
import { nonceSize } from '../../crypto/secretbox.ts';
import { type CryptKeys, deriveKeys } from '../../formats/rclone-crypt/keys.ts';
import { createNames } from '../../formats/rclone-crypt/names/names.ts';
import { createAttributeBox } from './attributes.ts';
import { type CryptOptions, nameOptions, options } from './options.ts';
import { type CryptPasswords, previousPasswords, readPasswords } from './passwords.ts';
import { createCryptRemote } from './remote.ts';
import type { CryptSettings } from './settings.ts';
import { createTransition } from './transition.ts';

/** rclone's crypt: names and content encrypted over another remote, bit for bit as rclone does it. */
export const backend: Backend<typeof options> = {
  type: 'crypt',
  description: 'Encrypt/Decrypt a remote',
  options,
  async open(own, { name, location, ahead, report, environment }) {
    const previous = previousPasswords(own, name);
    const unlock = async () => {
      const [engine, current] = await Promise.all([
        loadEngine(environment),
        readPasswords(own, { label: name, report, environment }),
      ]);
      return { engine, pairs: await Promise.all([derive(engine, current), previous && derive(engine, previous)]) };
    };
    // Together: the keys take some 40 ms on another thread, the base may have to log in, and be listed.
    const unlocked = unlock();
    const openBase = async () => {
      const base = await location(own.remote);
      // Two pairs of passwords are listed in an order of their own.
      if (!previous) ahead?.begin(base, unlocked);
      return base;
    };
    const [base, { engine, pairs }] = await Promise.all([openBase(), unlocked]);
    const settingsOf = createSettings(own, `${name}:`, engine, report);
    const [now, before] = pairs;
    const remote = before
      ? createTransition(base, settingsOf(now), settingsOf(before))
      : createCryptRemote(base, settingsOf(now));
    return { remote, path: '' };
  },
};

interface Derived {
  readonly passwords: CryptPasswords;
  readonly keys: CryptKeys;
}

async function derive(engine: Engine, passwords: CryptPasswords): Promise<Derived> {
  return { passwords, keys: await deriveKeys(engine, passwords.password, passwords.password2) };
}

function createSettings(
  own: CryptOptions,
  label: string,
  engine: Engine,
  report: Report,
): (derived: Derived) => CryptSettings {
  const randomNonce = createRandomPieces(nonceSize);
  return ({ passwords, keys }) => {
    const cipher = { engine, dataKey: keys.dataKey };
    return {
      label,
      passwords,
      names: createNames(keys, nameOptions(own)),
      encryptsFiles: own.filename_encryption !== 'off',
      encryptsFolders: own.filename_encryption !== 'off' && own.directory_name_encryption,
      content: own.no_data_encryption ? null : cipher,
      cipher,
      attributes: createAttributeBox(cipher, randomNonce),
      showsMapping: own.show_mapping,
      isStrict: own.strict_names,
      passesBadChunks: own.pass_bad_blocks,
      randomNonce,
      report,
    };
  };
}
