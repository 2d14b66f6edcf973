import { randomBytes } from 'node:crypto';
import type { Backend } from '../../core/backend.ts';
import { noBytes } from '../../core/bytes.ts';
import type { Location, Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { type Engine, loadEngine } from '../../crypto/engine.ts';
import { nonceSize } from '../../crypto/secretbox.ts';
import { type CryptKeys, deriveKeys } from '../../formats/rclone-crypt/keys.ts';
import { createNames } from '../../formats/rclone-crypt/names/names.ts';
import type { CryptRemote } from './as-crypt.ts';
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
  async open(own, { name, location, report, environment }) {
    const previous = previousPasswords(own, name);
    const unlock = async (): Promise<Unlocked> => {
      const [engine, passwords] = await Promise.all([
        loadEngine(environment),
        readPasswords(own, { label: name, report, environment }),
      ]);
      return { engine, keys: await deriveBoth(engine, passwords, previous) };
    };
    // Together: the keys take some 40 ms on another thread, the base may have to log in.
    const [base, unlocked] = await Promise.all([location(own.remote), unlock()]);
    return { remote: createRemote(base, own, `${name}:`, report, unlocked), path: '' };
  },
};

interface Unlocked {
  readonly engine: Engine;
  /** Of the passwords, then of the previous ones. */
  readonly keys: readonly [CryptKeys, CryptKeys?];
}

async function deriveBoth(
  engine: Engine,
  current: CryptPasswords,
  previous: CryptPasswords | null | undefined,
): Promise<Unlocked['keys']> {
  const derive = ({ password, password2 }: CryptPasswords) => deriveKeys(engine, password, password2);
  return previous ? Promise.all([derive(current), derive(previous)]) : [await derive(current)];
}

function createRemote(base: Location, own: CryptOptions, label: string, report: Report, unlocked: Unlocked): Remote {
  const { engine, keys } = unlocked;
  const randomNonce = createNonces();
  const settingsOf = (of: CryptKeys): CryptSettings => {
    const cipher = { engine, dataKey: of.dataKey };
    return {
      label,
      names: createNames(of, nameOptions(own)),
      encryptsFiles: own.filename_encryption !== 'off',
      encryptsFolders: own.filename_encryption !== 'off' && own.directory_name_encryption,
      content: own.no_data_encryption ? null : cipher,
      cipher,
      showsMapping: own.show_mapping,
      isStrict: own.strict_names,
      passesBadChunks: own.pass_bad_blocks,
      randomNonce,
      report,
    };
  };
  const withPasswords: CryptRemote['withPasswords'] = async (current, previous) =>
    createRemote(base, own, label, report, { engine, keys: await deriveBoth(engine, current, previous) });
  const [current, previous] = keys;
  return previous
    ? createTransition(base, settingsOf(current), settingsOf(previous), withPasswords)
    : createCryptRemote(base, settingsOf(current), withPasswords);
}

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
