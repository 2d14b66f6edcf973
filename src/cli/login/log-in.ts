import { Failure, messageOf } from '../../core/failure.ts';
import { isInTheClear } from '../../login/auth-url.ts';
import { ec2Keys } from '../../login/ec2.ts';
import { shellLines } from '../../login/environment.ts';
import { createKeyring } from '../../login/keyring.ts';
import { type Named, revoke } from '../../login/keystone.ts';
import { tokenLife } from '../../login/life.ts';
import { type SwiftLogin, writeEnvironmentRemote, writeS3, writeSwift } from '../../login/sections.ts';
import { regionsOf, s3EndpointOf, swiftStorageOf } from '../../login/storage.ts';
import { tryBeforeSaving } from '../config/try-remote.ts';
import { type Admission, admit } from './admission.ts';
import { type Connection, connect, type LoginContext } from './connection.ts';
import { keepPassword } from './keep-password.ts';
import { confirmReplacing, openQuestions } from './questions.ts';

/** Logs in, and writes or prints what that gave. Nothing is changed before all of it is there. */
export async function logIn(context: LoginContext): Promise<void> {
  await using connection = await connect(context);
  await checkFirst(context, connection);
  const admission = await admit(context, connection, createKeyring(context.io.environment), openQuestions(context));
  try {
    await (context.flags.export ? print(context, connection, admission) : write(context, connection, admission));
  } catch (error) {
    // A token that nobody will know need not live on.
    await revoke(connection.service, admission.token.value).catch(() => {});
    throw error;
  }
}

/** What can be refused before anybody is asked for a password. */
async function checkFirst(context: LoginContext, { target }: Connection): Promise<void> {
  const { flags, log } = context;
  const { name, known, authUrl } = target;
  if (flags.export && flags.mode !== 'swift') {
    throw new Failure('usage', 'only a Swift login can be exported: keys for S3 do not end, let them be written');
  }
  if (flags['keep-password'] && (flags.export || flags.mode === 'S3')) {
    throw new Failure('usage', '--keep-password is for a Swift login that is written: nothing else has to be renewed');
  }
  if (!flags.export && context.configFile().path === null) {
    throw new Failure(
      'usage',
      'this config is in memory only: give a file with --config, or print the login with --export',
    );
  }
  if (flags.mode !== 'S3' && known?.applicationSecret) {
    throw new Failure(
      'usage',
      `${name}: logs in by itself, with an application credential: give --name for another remote`,
    );
  }
  if (flags.renew && !(known?.user && known.project)) {
    throw new Failure('usage', `${name}: has no login to renew: run coffer login without --renew`);
  }
  if (isInTheClear(authUrl)) log.notice('', `${authUrl} is not encrypted: the password can be read on its way`);
  if (known?.isFromEnvironment && flags.mode !== 'S3' && !flags.export && !flags.replace) {
    await confirmReplacing(target, openQuestions(context));
  }
}

async function print(
  { io, log, ...context }: LoginContext,
  { target }: Connection,
  admission: Admission,
): Promise<void> {
  const { user, project, token } = admission;
  const { name, known, authUrl } = target;
  const region = context.flags.region ?? known?.region ?? '';
  const storageUrl = swiftStorageOf(token, target, region);
  if (known === null) await context.configFile().update((draft) => writeEnvironmentRemote(draft, name));
  else if (!known.isFromEnvironment)
    log.notice(name, 'this remote has a login of its own: it does not see what is exported');
  await io.stdout.write(shellLines({ authUrl, user, project, region, token: token.value, storageUrl }));
  log.notice(name, loginLine(admission, io.date()));
}

async function write(context: LoginContext, connection: Connection, admission: Admission): Promise<void> {
  const { flags } = context;
  const swift = flags.mode === 'S3' ? null : await swiftLogin(context, connection, admission);
  const s3 = flags.mode === 'swift' ? null : await s3Login(context, connection, admission);
  const { name, s3Name } = connection.target;
  const file = context.configFile();
  await file.update((draft) => {
    if (swift) writeSwift(draft, name, swift);
    if (s3) writeS3(draft, s3Name, s3);
  });
  const { io } = context;
  if (swift) await io.stdout.write(`${name}: ${loginLine(admission, io.date(), 'password' in swift.access)}\n`);
  if (s3)
    await io.stdout.write(
      `${s3Name}: ${s3.isNew ? 'new keys' : 'the keys'} of ${admission.user.name} for ${admission.project.name}, without an end\n`,
    );
  await io.stdout.write(`Written to ${file.path}\n`);
  if (swift) await tryOut(context, name);
  if (s3) await tryOut(context, s3Name);
}

async function swiftLogin(context: LoginContext, { target }: Connection, admission: Admission): Promise<SwiftLogin> {
  const { flags, log } = context;
  const { user, project, token } = admission;
  const region = flags.region ?? target.known?.region ?? '';
  const storageUrl = swiftStorageOf(token, target, region);
  const regions = regionsOf(token);
  if (region === '' && regions.length > 1) {
    log.notice(
      target.name,
      `there is storage in several regions (${regions.join(', ')}): it is ${regions[0]}, --region chooses`,
    );
  }
  const place = await keepPassword(context, target, admission);
  const access = place === 'config' ? { password: admission.password } : { token: token.value, storageUrl };
  return { authUrl: target.authUrl, user, project, region, access };
}

async function s3Login({ flags }: LoginContext, { target, service }: Connection, { token }: Admission) {
  const endpoint = flags['s3-endpoint'] ?? s3EndpointOf(token, target, flags.region ?? target.known?.region ?? '');
  const { keys, isNew } = await ec2Keys(service, token, target.s3AccessKey);
  return { endpoint, keys, isNew };
}

function loginLine({ user, project, token }: Admission, now: Date, isByItself = false): string {
  const life = isByItself
    ? 'logs in by itself with the password in the config'
    : tokenLife(token.expires, now.getTime());
  return `${described(user)} in ${described(project)}, ${life}`;
}

/** With the domain where that is not the usual one. */
function described({ name, domain }: Named): string {
  return domain === 'Default' ? name : `${name} (domain ${domain})`;
}

/** The login stands: what is wrong with the store is told, and fails nothing. */
async function tryOut(context: LoginContext, name: string): Promise<void> {
  const section = (await context.config()).section(name);
  if (!section) return;
  await tryBeforeSaving(context, name, new Map([[name, section]])).catch((error: unknown) => {
    context.log.notice(name, `the login is written, but a first try says: ${messageOf(error)}`);
  });
}
