import { Failure, isFailure } from '../../core/failure.ts';
import type { Keyring } from '../../login/keyring.ts';
import { chooseProject, listProjects, logIn, type Named, type Token } from '../../login/keystone.ts';
import type { Dialog } from '../config/dialog.ts';
import { chooseFrom } from './choose-project.ts';
import type { Connection, LoginContext } from './connection.ts';
import { askPassword, askUser, findPassword, type PasswordOrigin } from './questions.ts';

/** A user let into a project. */
export interface Admission {
  readonly user: Named;
  readonly project: Named;
  /** Good for the project. */
  readonly token: Token;
  /** What the user gave, or had kept. */
  readonly password: string;
  readonly origin: PasswordOrigin;
  readonly keyring: Keyring;
}

/** Asks for what is not known yet, and logs in: first without a project, to see which there are. Throws Failure. */
export async function admit(
  context: LoginContext,
  { target, service }: Connection,
  keyring: Keyring,
  dialog: Dialog,
): Promise<Admission> {
  const { flags, log } = context;
  const who = await askUser(context, target, dialog);
  const account = { ...who, authUrl: target.authUrl };
  let { password, origin } = await findPassword(context, account, target, keyring, dialog);
  const entered = await logIn(service, { ...who, password }).catch(async (error: unknown) => {
    if (origin !== 'keyring' || !isFailure(error, 'denied')) throw error;
    log.notice('', `the password in the keyring is not accepted: ${error.message}`);
    password = await askPassword(account, dialog);
    origin = 'corrected';
    return logIn(service, { ...who, password });
  });
  const projects = await listProjects(service, entered);
  const { known } = target;
  const choice = await chooseFrom(
    projects,
    {
      name: flags.project ?? (flags.renew ? known?.project : undefined),
      domain: flags['project-domain'] ?? (flags.renew && !flags.project ? known?.projectDomain : undefined),
      suggested: known?.project ?? '',
    },
    dialog,
  );
  const token = await chooseProject(service, entered, choice);
  if (!token.project) throw new Failure('unsupported', `${target.authUrl} gives tokens without a project`);
  return { user: entered.user, project: token.project, token, password, origin, keyring };
}
