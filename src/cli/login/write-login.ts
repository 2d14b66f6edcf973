import { messageOf } from '../../core/failure.ts';
import { ec2Keys } from '../../login/ec2.ts';
import { type S3Login, type SwiftLogin, writeS3, writeSwift } from '../../login/sections.ts';
import { regionsOf, s3EndpointOf, swiftStorageOf } from '../../login/storage.ts';
import { tryBeforeSaving } from '../config/try-remote.ts';
import type { Admission } from './admission.ts';
import type { Connection, LoginContext } from './connection.ts';
import { keepPassword, type Place } from './keep-password.ts';
import { lifeLine, whoWhere } from './outcome.ts';

/** The remotes of a login that are in the config; null for one that `--mode` leaves out. */
export interface WrittenLogin {
  /** Where its password is kept, null for nowhere. */
  readonly swift: { readonly place: Place | null } | null;
  /** Whether the keys were made for it. */
  readonly s3: { readonly isNew: boolean } | null;
}

/** Writes the remotes that `--mode` says. */
export async function writeLogin(
  context: LoginContext,
  connection: Connection,
  admission: Admission,
): Promise<WrittenLogin> {
  const { flags } = context;
  const { name, s3Name } = connection.target;
  const s3 = flags.mode === 'swift' ? null : await s3Login(context, connection, admission);
  // Last: it changes the keyring.
  const swift = flags.mode === 'S3' ? null : await swiftLogin(context, connection, admission);
  await context.configFile().update((draft) => {
    if (swift) writeSwift(draft, name, swift.login);
    if (s3) writeS3(draft, s3Name, s3);
  });
  return { swift, s3 };
}

/** Tells what was written, and tries it. */
export async function tellLogin(
  context: LoginContext,
  { target: { name, s3Name } }: Connection,
  admission: Admission,
  { swift, s3 }: WrittenLogin,
): Promise<void> {
  const { io } = context;
  if (swift) await io.stdout.write(`${name}: ${swiftLine(admission, swift.place, io.date())}\n`);
  if (s3) await io.stdout.write(`${s3Name}: ${s3Line(admission, s3.isNew)}\n`);
  await io.stdout.write(`Written to ${context.configFile().path}\n`);
  if (swift) await tryOut(context, name);
  if (s3) await tryOut(context, s3Name);
}

async function swiftLogin(
  context: LoginContext,
  { target }: Connection,
  admission: Admission,
): Promise<{ readonly login: SwiftLogin; readonly place: Place | null }> {
  const { flags, log } = context;
  const { user, project, token, password } = admission;
  const region = flags.region ?? target.known?.region ?? '';
  const storageUrl = swiftStorageOf(token, target, region);
  const regions = regionsOf(token);
  if (region === '' && regions.length > 1) {
    const all = regions.join(', ');
    log.notice(target.name, `there is storage in several regions (${all}): took ${regions[0]}, --region chooses`);
  }
  const place = await keepPassword(context, target, admission);
  const access = place === 'config' ? { password } : { token: token.value, storageUrl };
  return { login: { authUrl: target.authUrl, user, project, region, access }, place };
}

async function s3Login(
  { flags }: LoginContext,
  { target, service }: Connection,
  { token }: Admission,
): Promise<S3Login & { readonly isNew: boolean }> {
  const region = flags.region ?? target.known?.region ?? '';
  const endpoint = flags['s3-endpoint'] ?? s3EndpointOf(token, target, region);
  return { endpoint, ...(await ec2Keys(service, token, target.s3AccessKey)) };
}

function swiftLine(admission: Admission, place: Place | null, now: Date): string {
  if (place === 'config') return `${whoWhere(admission)}, logs in by itself with the password in the config`;
  return `${lifeLine(admission, now)}${place === 'keyring' ? '; the password is in the keyring' : ''}`;
}

function s3Line(admission: Admission, isNew: boolean): string {
  return `${whoWhere(admission)}, ${isNew ? 'new keys' : 'keys'} without an end`;
}

/** The login stands: what is wrong with the store is told, and fails nothing. */
async function tryOut(context: LoginContext, name: string): Promise<void> {
  const section = (await context.config()).section(name);
  if (!section) return;
  await tryBeforeSaving(context, name, new Map([[name, section]])).catch((error: unknown) => {
    context.log.notice(name, `the login is written, but a first try says: ${messageOf(error)}`);
  });
}
