import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { codeOf, systemFailure } from '../config/system-failure.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { type PublicKey, parsePublicKey, parseSecretKey } from '../formats/crypt4gh/key-file.ts';
import type { CommandContext } from './command.ts';
import { optionalText } from './flags.ts';

/** Flags of every command that opens something with the user's own key. */
export const keyFlags = {
  key: optionalText('Your secret key file, Crypt4GH or OpenSSH ed25519 (default ~/.c4gh/key)', { placeholder: 'file' }),
  sk: optionalText('The same as --key', { placeholder: 'file' }),
};

type PromptContext = Pick<CommandContext, 'flags' | 'io' | 'log'>;
type KeyContext = Pick<CommandContext<typeof keyFlags>, 'flags' | 'io' | 'log'>;

/** Opens the user's secret key. Throws as `openKey`. */
export function openOwnKey(context: KeyContext): Promise<KeyPair> {
  return openKey(ownKeyPath(context.flags.key ?? context.flags.sk, context.io.environment), context);
}

/** Opens a secret key, and asks for its passphrase when there is one and C4GH_PASSPHRASE does not tell it.
 *  Throws Failure naming the file: 'usage' where there is none, 'wrong-password' when it does not open. */
export async function openKey(path: string, { flags, io, log }: PromptContext): Promise<KeyPair> {
  const data = readKeyFile(path, newKeyHint);
  if ((statSync(path).mode & 0o077) !== 0) {
    log.notice(path, 'others on this machine can read your secret key: chmod 400 mends that');
  }
  const passphrase = () => passphraseOf(path, io.environment, flags['ask-password']);
  return named(path, () => parseSecretKey(data, passphrase));
}

/** What to do where there is no own key. */
export const newKeyHint = ': `coffer key new` makes one';

/** Where the user's secret key lies: what a flag says, C4GH_SECRET_KEY, else ~/.c4gh/key. */
export function ownKeyPath(flag: string | undefined, environment: Environment): string {
  return expandHome(flag || environment.C4GH_SECRET_KEY || '~/.c4gh/key', environment);
}

/** Reads somebody's public key. Throws Failure naming the file. */
export async function readPublicKeyFile(path: string, environment: Environment): Promise<PublicKey> {
  const file = expandHome(path, environment);
  const data = readKeyFile(file);
  return named(file, async () => parsePublicKey(data));
}

/** `~/x` as a shell expands it, which leaves it alone in `--key=~/x` and in variables. */
export function expandHome(path: string, environment: Environment): string {
  return path.startsWith('~/') ? join(environment.HOME || homedir(), path.slice(2)) : path;
}

/** Throws Failure naming the file; `hint` is added where there is none. */
export function readKeyFile(path: string, hint = ''): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw systemFailure(error, 'cannot read a key', path);
    throw new Failure('usage', `there is no key file ${path}${hint}`, { path, cause: error });
  }
}

/** Runs something on the content of a key file, so that its errors name the file. */
export async function named<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isFailure(error) || error.kind === 'cancelled') throw error;
    throw new Failure(error.kind, `${path}: ${error.message}`, { path, cause: error });
  }
}

async function passphraseOf(path: string, environment: Environment, mayAsk: boolean): Promise<string> {
  const given = environment.C4GH_PASSPHRASE;
  if (given !== undefined) return given;
  if (!mayAsk) throw new Failure('usage', 'a passphrase protects it: set C4GH_PASSPHRASE');
  const { promptSecret } = await import('./prompt.ts');
  return promptSecret(`Passphrase for ${path}:`, 'C4GH_PASSPHRASE');
}
