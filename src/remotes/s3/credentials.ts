import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, messageOf } from '../../core/failure.ts';
import type { S3Options } from './options.ts';
import { readProfile } from './shared-credentials.ts';
import type { Credentials } from './sigv4.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type CredentialOptions = Pick<
  S3Options,
  'env_auth' | 'access_key_id' | 'secret_access_key' | 'session_token' | 'profile' | 'shared_credentials_file'
>;

/** Gives the keys, fresh ones when the old ones are about to expire; null where requests are anonymous. */
export type CredentialSource = () => Promise<Credentials | null>;

/** Keys of the config first, then with env_auth: the environment unless the config names a profile, the shared credentials
 *  file, and last what AWS's SDK finds (roles, single sign-on, the machine's own). Throws Failure('usage') for half a pair of keys. */
export function createCredentialSource(name: string, given: CredentialOptions, env: Environment): CredentialSource {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = given;
  if (accessKeyId && secretAccessKey) {
    const keys = { accessKeyId, secretAccessKey, ...sessionToken(given.session_token) };
    return async () => keys;
  }
  if (accessKeyId || secretAccessKey) {
    const missing = accessKeyId ? 'secret_access_key' : 'access_key_id';
    throw new Failure('usage', `${name}: ${missing} is missing: access_key_id and secret_access_key go together`);
  }
  return given.env_auth ? keepFresh(() => find(name, given, env)) : async () => null;
}

async function find(name: string, given: CredentialOptions, env: Environment): Promise<Credentials> {
  // As with rclone, whoever names a profile in the config means that one.
  const keys = given.profile === '' ? fromEnvironment(env) : null;
  return keys ?? (await fromFile(given, env)) ?? (await fromSdk(name, given));
}

function fromEnvironment(env: Environment): Credentials | null {
  const accessKeyId = env.AWS_ACCESS_KEY_ID || env.AWS_ACCESS_KEY;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY || env.AWS_SECRET_KEY;
  if (!accessKeyId || !secretAccessKey) return null;
  return { accessKeyId, secretAccessKey, ...sessionToken(env.AWS_SESSION_TOKEN) };
}

async function fromFile(given: CredentialOptions, env: Environment): Promise<Credentials | null> {
  const chosen = given.shared_credentials_file || env.AWS_SHARED_CREDENTIALS_FILE;
  const path = chosen || join(env.HOME ?? '', '.aws', 'credentials');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!chosen) return null;
    throw new Failure('usage', `cannot read the shared credentials file ${path}: ${messageOf(error)}`, { path });
  }
  const profile = readProfile(text, given.profile || env.AWS_PROFILE || 'default');
  if (!profile?.aws_access_key_id || !profile.aws_secret_access_key) return null;
  return {
    accessKeyId: profile.aws_access_key_id,
    secretAccessKey: profile.aws_secret_access_key,
    ...sessionToken(profile.aws_session_token),
  };
}

async function fromSdk(name: string, given: CredentialOptions): Promise<Credentials> {
  const { findCredentials } = await import('./sdk-credentials.ts');
  try {
    return await findCredentials(given.profile, given.shared_credentials_file);
  } catch (error) {
    const message = `${name}: env_auth finds no keys in the environment, in the shared credentials file or on this machine`;
    throw new Failure('denied', `${message}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`, { cause: error });
  }
}

const renewBefore = 5 * 60_000;

function keepFresh(find: () => Promise<Credentials>): CredentialSource {
  let current: Promise<Credentials> | undefined;
  let expires = Number.POSITIVE_INFINITY;
  return async () => {
    if (current === undefined || Date.now() > expires - renewBefore) {
      expires = Number.POSITIVE_INFINITY;
      current = find();
      current.catch(() => {
        current = undefined;
      });
    }
    const keys = await current;
    expires = keys.expires ?? Number.POSITIVE_INFINITY;
    return keys;
  };
}

function sessionToken(token: string | undefined): { sessionToken?: string } {
  return token ? { sessionToken: token } : {};
}
