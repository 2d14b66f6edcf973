import { runPasswordCommand } from '../../config/password-command.ts';
import { Failure } from '../../core/failure.ts';
import type { Account, Keyring } from '../../login/keyring.ts';
import type { Person } from '../../login/keystone.ts';
import type { Target } from '../../login/target.ts';
import { ask, confirm } from '../config/ask.ts';
import { type Dialog, openDialog } from '../config/dialog.ts';
import type { LoginContext } from './connection.ts';

/** Questions go to standard error: standard output is for what --export prints. */
export function openQuestions({ io, session }: LoginContext): Dialog {
  return openDialog({ ...io, stdout: io.stderr }, session.signal);
}

/** Who logs in, without the password. */
export async function askUser(
  { flags, io }: LoginContext,
  target: Target,
  dialog: Dialog,
): Promise<Omit<Person, 'password'>> {
  const { known, preset } = target;
  const domain = flags['user-domain'] ?? (known?.domain || preset?.userDomain || 'Default');
  const given = flags.user ?? (flags.renew ? known?.user : undefined);
  if (given) return { user: given, domain };
  const { OS_USERNAME, USER = '' } = io.environment;
  const likely = known?.user || OS_USERNAME || USER;
  const user = await ask(dialog, { name: 'user', kind: 'user name', default: likely, required: true });
  return { user, domain };
}

/** Where a password came from: `config` and `keyring` have kept it, `corrected` takes the place of what the keyring had. */
export type PasswordOrigin = 'given' | 'config' | 'keyring' | 'corrected';

/** Takes the password from --user-password-command, OS_PASSWORD, what has been kept, or asks.
 *  Throws Failure('usage') for an empty one. */
export async function findPassword(
  { flags, io }: LoginContext,
  account: Account,
  { known }: Target,
  keyring: Keyring,
  dialog: Dialog,
): Promise<{ password: string; origin: PasswordOrigin }> {
  const command = flags['user-password-command'];
  if (command !== '') return { password: await runPasswordCommand(command), origin: 'given' };
  if (io.environment.OS_PASSWORD) return { password: io.environment.OS_PASSWORD, origin: 'given' };
  if (flags.renew && known?.key && !known.isFromEnvironment) return { password: known.key, origin: 'config' };
  const kept = await keyring.lookUp(account);
  if (kept !== null) return { password: kept, origin: 'keyring' };
  return { password: await askPassword(account, dialog), origin: 'given' };
}

export async function askPassword({ user, authUrl }: Account, dialog: Dialog): Promise<string> {
  const password = await dialog.secret(`Password of ${user} at ${authUrl}:`);
  // A pipe has no Enter that would end the line.
  if (!dialog.isTerminal) await dialog.say('');
  if (password === '') throw new Failure('usage', 'no password was given');
  return password;
}

/** Settles that a remote with `env_auth` may get a login of its own. Throws Failure, 'usage' where nobody can be asked. */
export async function confirmReplacing({ name }: Target, dialog: Dialog): Promise<void> {
  const ways = 'give --name for another remote, or --export to print the login for this shell';
  if (!dialog.isTerminal) {
    throw new Failure(
      'usage',
      `${name}: takes its login from the environment (env_auth): --replace gives it one of its own; or ${ways}`,
    );
  }
  await dialog.say(
    `${name}: takes its login from the environment of each shell (env_auth), as allas_conf sets it up.\n` +
      'With a login of its own it works in every shell, and no longer sees what allas_conf exports.\nGive it one?',
  );
  if (!(await confirm(dialog, false))) throw new Failure('cancelled', `nothing was changed: ${ways}`);
}
