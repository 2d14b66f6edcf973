import { Failure } from '../../core/failure.ts';
import { isInTheClear } from '../../login/auth-url.ts';
import { createKeyring } from '../../login/keyring.ts';
import { revoke } from '../../login/keystone.ts';
import { loginCommand } from '../../remotes/swift/login-command.ts';
import { mayChange } from '../../transfer/session.ts';
import { type Admission, admit } from './admission.ts';
import { type Connection, connect, type LoginContext } from './connection.ts';
import { exportLogin } from './export-login.ts';
import { confirmReplacing, openQuestions } from './questions.ts';
import { tellLogin, writeLogin } from './write-login.ts';

/** Logs in, and writes or prints what that gave. Nothing is changed before all of it is there. */
export async function logIn(context: LoginContext): Promise<void> {
  await using connection = await connect(context);
  await checkFirst(context, connection);
  const admission = await admit(context, connection, createKeyring(context.io.environment), openQuestions(context));
  if (context.flags.export) return orRevoke(exportLogin(context, connection, admission), connection, admission);
  if (!(await mayChange(context.session, 'login', connection.target.name))) return end(connection, admission);
  const written = await orRevoke(writeLogin(context, connection, admission), connection, admission);
  await tellLogin(context, connection, admission, written);
}

/** Where `work` fails, nobody will know the token: it need not live on. */
async function orRevoke<T>(work: Promise<T>, connection: Connection, admission: Admission): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await end(connection, admission);
    throw error;
  }
}

async function end({ service }: Connection, { token }: Admission): Promise<void> {
  await revoke(service, token.value).catch(() => {});
}

/** What can be refused before anybody is asked for a password. */
async function checkFirst(context: LoginContext, { target }: Connection): Promise<void> {
  const { flags, log } = context;
  const { name, known, authUrl } = target;
  checkFlags(context);
  if (flags.mode !== 'S3' && known?.applicationSecret) {
    throw new Failure(
      'usage',
      `${name}: logs in by itself, with an application credential: give --name for another remote`,
    );
  }
  if (flags.renew && !(known?.user && known.project)) {
    throw new Failure('usage', `${name}: has no login to renew: ${loginCommand(name)}`);
  }
  if (isInTheClear(authUrl)) log.notice('', `${authUrl} is not encrypted: the password can be read on its way`);
  if (known?.isFromEnvironment && flags.mode !== 'S3' && !flags.export && !flags.replace) {
    await confirmReplacing(target, openQuestions(context));
  }
}

function checkFlags({ flags, configFile }: LoginContext): void {
  const isWritten = !flags.export;
  if (!isWritten && flags.mode !== 'swift') {
    throw new Failure(
      'usage',
      'only a Swift login can be exported: S3 keys do not expire, so let them be written to the config',
    );
  }
  if (flags['keep-password'] && (!isWritten || flags.mode === 'S3')) {
    throw new Failure('usage', '--keep-password is for a Swift login that is written: nothing else has to be renewed');
  }
  if (isWritten && configFile().path === null) {
    throw new Failure(
      'usage',
      'this config is in memory only: name a file with --config, or print the login with --export',
    );
  }
}
