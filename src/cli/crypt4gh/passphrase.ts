import { existsSync } from 'node:fs';
import { Failure, isFailure } from '../../core/failure.ts';
import { formatSecretKey, parseStoredKey } from '../../formats/crypt4gh/key-file.ts';
import { readKeyFile } from '../../remotes/crypt4gh/key-files.ts';
import type { CommandContext } from '../command.ts';
import { openDialog } from '../config/dialog.ts';
import { openKey } from '../keys.ts';
import { placeFiles } from '../place-file.ts';
import { promptSecret } from '../prompt.ts';

type Asking = Pick<CommandContext, 'io' | 'session'>;

/** Asks twice for a new passphrase; null for an empty one. Throws Failure('usage') when the two differ. */
export async function newPassphrase(asking: Asking, what: string, path: string): Promise<string | null> {
  const passphrase = await askSecret(asking, `${what} for ${path} (empty for no passphrase):`);
  if (passphrase !== (await askSecret(asking, `${what} for ${path} (again):`))) {
    throw new Failure('usage', 'the passphrases do not match');
  }
  return passphrase === '' ? null : passphrase;
}

/** On the terminal, or where there is none from standard input: scripts answer the reference so. */
async function askSecret({ io, session }: Asking, question: string): Promise<string> {
  try {
    return await promptSecret(question, io);
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return openDialog(io, session.signal).secret(`${question} `);
  }
}

interface RelockFlags {
  readonly comment: string | undefined;
  readonly nocrypt: boolean;
}

/** Gives the secret key in a file another passphrase, or none. Its comment stays unless there is a new one. */
export async function relock(
  context: Asking & Pick<CommandContext, 'log'> & { readonly flags: CommandContext['flags'] & RelockFlags },
  path: string,
): Promise<void> {
  const { flags, io } = context;
  const about = flags.comment ? ` (for ${flags.comment})` : '';
  await io.stdout.write(`Relocking secret key ${path}${about}.\n`);
  if (!existsSync(path)) throw new Failure('usage', `secret key ${path} not found`, { path });
  const pair = await openKey(path, context);
  const passphrase = flags.nocrypt ? null : await newPassphrase(context, 'Enter new passphrase', path);
  const comment = flags.comment ?? parseStoredKey(readKeyFile(path)).comment;
  if (passphrase === null) await io.stderr.write('WARNING: The private key is not encrypted\n');
  placeFiles([{ path, data: await formatSecretKey(pair, passphrase, comment), mode: 0o400 }], true);
  await io.stdout.write(`Your private key has been relocked in ${path}\n`);
}
