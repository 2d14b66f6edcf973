import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runPasswordCommand } from '../../config/password-command.ts';
import { passwordIn } from '../../config/password-text.ts';
import { Failure, isFailure, messageOf } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import { expandHome } from '../../core/user.ts';
import type { CryptOptions } from './options.ts';

/** The passwords of a crypt remote, revealed. */
export interface CryptPasswords {
  readonly password: string;
  /** '' for none. */
  readonly password2: string;
}

export interface PasswordSurroundings {
  /** The remote, as messages call it. */
  readonly label: string;
  readonly report: Report;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads each password from the one place that has it: the config, a command or a file. Throws Failure('usage') where two
 *  places are named, where the command fails and where the file is empty. */
export async function readPasswords(own: CryptOptions, at: PasswordSurroundings): Promise<CryptPasswords> {
  // One after the other: both may ask.
  const password = await readOne('password', own.password, own.password_command, own.password_file, at);
  const password2 = await readOne('password2', own.password2, own.password2_command, own.password2_file, at);
  return { password, password2 };
}

/** Those that the remote had before; null where it is not being given new ones. Throws Failure('usage'). */
export function previousPasswords(own: CryptOptions, label: string): CryptPasswords | null {
  if (own.previous_password !== '') return { password: own.previous_password, password2: own.previous_password2 };
  if (own.previous_password2 === '') return null;
  throw new Failure('usage', `remote "${label}" has previous_password2 and no previous_password: set both or none`);
}

async function readOne(
  option: string,
  inConfig: string,
  command: string,
  file: string,
  at: PasswordSurroundings,
): Promise<string> {
  const given = Object.entries({ [option]: inConfig, [`${option}_command`]: command, [`${option}_file`]: file });
  const names = given.filter(([, value]) => value !== '').map(([name]) => name);
  if (names.length > 1) {
    throw new Failure('usage', `remote "${at.label}" has ${names.join(' and ')}: keep one of them`);
  }
  if (inConfig !== '' || names.length === 0) return inConfig;
  try {
    return await (command !== '' ? runPasswordCommand(command) : readPasswordFile(file, at));
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure(error.kind, `option ${names[0]} of remote "${at.label}": ${error.message}`, { cause: error });
  }
}

const othersMayRead = 0o044;

/** The file's text without the line breaks around it, as it is with the output of a command. */
async function readPasswordFile(file: string, { report, environment }: PasswordSurroundings): Promise<string> {
  const path = resolve(expandHome(file, environment));
  const [data, { mode }] = await Promise.all([readFile(path), stat(path)]).catch((error: unknown) => {
    throw new Failure('usage', `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  });
  // Not refused: the secrets that a container is given are often readable by all in it.
  if ((mode & othersMayRead) !== 0) report.notice('', `others may read the password file ${path}: chmod 600 ${path}`);
  const password = passwordIn(data, path);
  if (password === '') throw new Failure('usage', `there is no password in ${path}`);
  return password;
}
