import type { Environment } from '../../config/environment.ts';
import { runPasswordCommand } from '../../config/password-command.ts';
import type { OpenEnvironment } from '../../core/backend.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { expandHome } from '../../core/user.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { openSecretKeyFile, readPublicKey } from './key-files.ts';
import type { Crypt4ghOptions } from './options.ts';

type Surroundings = Pick<OpenEnvironment, 'name' | 'report' | 'environment' | 'prompt'>;

/** A public key, as it was given. */
export interface NamedKey {
  readonly key: Uint8Array;
  readonly name: string;
}

/** The public keys that the option names, each once. Throws Failure naming the option. */
export async function readRecipients(
  { recipients }: Pick<Crypt4ghOptions, 'recipients'>,
  at: Surroundings,
): Promise<readonly NamedKey[]> {
  const words = recipients.split(',').map((word) => word.trim());
  const given = words.filter((word) => word !== '');
  return inOption('recipients', at, () => readKeys(given, at.environment));
}

/** Public keys as users give them, each once. Throws as `readPublicKey`. */
export async function readKeys(given: readonly string[], environment: Environment): Promise<readonly NamedKey[]> {
  const read = async (name: string): Promise<NamedKey> => ({
    key: (await readPublicKey(name, environment)).bytes,
    name,
  });
  const keys = await Promise.all(given.map(read));
  const distinct = distinctKeys(keys.map(({ key }) => key));
  return keys.filter(({ key }) => distinct.includes(key));
}

/** Each key once, in their order. */
function distinctKeys(keys: readonly Uint8Array[]): readonly Uint8Array[] {
  return keys.filter((key, index) => keys.findIndex((other) => Buffer.compare(key, other) === 0) === index);
}

/** The user's own key; null where the option names none. Throws Failure naming the option. */
export async function readOwnKey(own: Crypt4ghOptions, at: Surroundings): Promise<KeyPair | null> {
  if (own.secret_key === '') return null;
  const path = expandHome(own.secret_key, at.environment);
  const passphrase = () => passphraseOf(path, own, at);
  return inOption('secret_key', at, () => openSecretKeyFile(path, { report: at.report, passphrase }));
}

async function passphraseOf(
  path: string,
  { passphrase_command: command }: Crypt4ghOptions,
  { environment, prompt }: Surroundings,
): Promise<string> {
  if (command !== '') return runPasswordCommand(command);
  const given = environment.C4GH_PASSPHRASE;
  if (given !== undefined) return given;
  if (prompt) return prompt(`Passphrase for ${path}:`);
  throw new Failure('usage', 'a passphrase protects it: set C4GH_PASSPHRASE, or the option passphrase_command');
}

async function inOption<T>(option: string, { name }: Surroundings, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isFailure(error) || error.kind === 'cancelled') throw error;
    throw new Failure(error.kind, `option ${option} of remote "${name}": ${error.message}`, { cause: error });
  }
}
