import { Failure, isFailure } from '../../core/failure.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { readKeys } from '../../remotes/crypt4gh/keys.ts';
import type { CommandContext } from '../command.ts';
import { exitCodeOf as rcloneExitCodeOf } from '../exit.ts';
import { listFlag, optionalText } from '../flags.ts';
import { openKey, ownKeyPath } from '../keys.ts';

// The options, under their own names, and the exit codes of the reference implementation, `crypt4gh` 1.8.6.

export const sk = optionalText('Your secret key file (default $C4GH_SECRET_KEY, else ~/.c4gh/key)', {
  placeholder: 'path',
});
export const recipientPk = listFlag("A recipient's public key file (repeat for more)", 'path');
export const log = optionalText("A file that configures Python's logging: taken, and not used", {
  placeholder: 'file',
});

/** What messages call what is read. */
export const inputName = 'standard input';

/** 2 where the passphrase does not open the key, 1 for every other failure. */
export function exitCodeOf(error: unknown): number {
  if (isFailure(error, 'wrong-password')) return 2;
  return isFailure(error) && !isFailure(error, 'cancelled') ? 1 : rcloneExitCodeOf(error);
}

/** The user's secret key: of `--sk`, else as everywhere. */
export function openSecretKey(context: CommandContext<{ readonly sk: typeof sk }>): Promise<KeyPair> {
  return openKey(ownKeyPath(context.flags.sk, context.io.environment), context);
}

/** The public keys of `--recipient_pk`, each once. Throws Failure('usage') for a file that is missing, where the
 *  reference goes on without that recipient. */
export async function recipientKeys(
  { io }: Pick<CommandContext, 'io'>,
  paths: readonly string[],
): Promise<readonly Uint8Array[]> {
  if (paths.length === 0) throw new Failure('usage', 'say who may open it: --recipient_pk their-key.pub');
  return (await readKeys(paths, io.environment)).map(({ key }) => key);
}
