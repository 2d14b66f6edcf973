import type { Environment } from '../config/environment.ts';
import { Failure } from '../core/failure.ts';
import { expandHome } from '../core/user.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { openSecretKeyFile } from '../remotes/crypt4gh/key-files.ts';
import type { CommandContext } from './command.ts';
import { optionalText } from './flags.ts';
import type { Io } from './io.ts';

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
  const passphrase = () => passphraseOf(path, io, flags['ask-password']);
  const hint = ': name yours with --sk, or make one with `coffer key new`';
  return openSecretKeyFile(path, { report: log, passphrase, hint });
}

/** Where the user's secret key lies: what a flag says, C4GH_SECRET_KEY, else ~/.c4gh/key. */
export function ownKeyPath(flag: string | undefined, environment: Environment): string {
  return expandHome(flag || environment.C4GH_SECRET_KEY || '~/.c4gh/key', environment);
}

async function passphraseOf(path: string, io: Io, mayAsk: boolean): Promise<string> {
  const given = io.environment.C4GH_PASSPHRASE;
  if (given !== undefined) return given;
  if (!mayAsk) throw new Failure('usage', 'a passphrase protects it: set C4GH_PASSPHRASE');
  const { promptSecret } = await import('./prompt.ts');
  return promptSecret(`Passphrase for ${path}:`, io, 'C4GH_PASSPHRASE');
}
