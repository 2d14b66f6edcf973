import type { ConfigDraft } from '../config/draft.ts';
import type { Ec2Keys } from './ec2.ts';
import type { Named } from './keystone.ts';
import type { Mode, Target } from './target.ts';

/** A login that is to be written down. */
export interface SwiftLogin {
  readonly authUrl: string;
  readonly user: Named;
  readonly project: Named;
  /** '' where the user did not choose one. */
  readonly region: string;
  /** A token and where it is good, or a password to get tokens with. Never both: rclone would keep to a token that has
   *  ended. */
  readonly access: { readonly token: string; readonly storageUrl: string } | { readonly password: string };
}

export interface S3Login {
  readonly endpoint: string;
  readonly keys: Ec2Keys;
}

/** Writes the Swift remote: what belongs to a login and nothing else. */
export function writeSwift(draft: ConfigDraft, name: string, login: SwiftLogin): void {
  const values = swiftValues(login);
  draft.set(name, values);
  draft.unset(
    name,
    loginKeys.filter((key) => !values.has(key)),
  );
}

/** Every option that says who logs in, and where. */
const loginKeys = [
  ...['env_auth', 'auth', 'auth_version', 'user', 'user_id', 'key', 'domain', 'tenant', 'tenant_id', 'tenant_domain'],
  ...['application_credential_id', 'application_credential_name', 'application_credential_secret'],
  ...['region', 'storage_url', 'auth_token'],
] as const;

function swiftValues({ authUrl, user, project, region, access }: SwiftLogin): ReadonlyMap<string, string> {
  return new Map([
    ['type', 'swift'],
    ['auth', authUrl],
    ['auth_version', '3'],
    ['user', user.name],
    ['domain', user.domain],
    ['tenant', project.name],
    ['tenant_domain', project.domain],
    ...(region ? [['region', region] as const] : []),
    ...('password' in access
      ? [['key', access.password] as const]
      : [['storage_url', access.storageUrl] as const, ['auth_token', access.token] as const]),
  ]);
}

/** Writes the S3 remote. What the user set beside the keys stays as it is. */
export function writeS3(draft: ConfigDraft, name: string, { endpoint, keys }: S3Login): void {
  const present = draft.section(name);
  const values = new Map([
    ['type', 's3'],
    ['provider', present?.get('provider') || 'Other'],
    ['access_key_id', keys.access],
    ['secret_access_key', keys.secret],
    ['endpoint', endpoint],
    ['acl', present?.get('acl') || 'private'],
  ]);
  draft.set(name, values);
  draft.unset(name, ['session_token']);
}

/** A remote that takes its login from the environment, as allas_conf writes it. */
export function writeEnvironmentRemote(draft: ConfigDraft, name: string): void {
  draft.set(
    name,
    new Map([
      ['type', 'swift'],
      ['env_auth', 'true'],
    ]),
  );
}

/** Takes the logins of `mode` out of the remotes that are there, and leaves the rest. */
export function forgetLogin(draft: ConfigDraft, { name, s3Name }: Target, mode: Mode): void {
  if (mode !== 'S3' && draft.section(name)) draft.unset(name, ['storage_url', 'auth_token', 'key']);
  if (mode === 'swift' || !draft.section(s3Name)) return;
  draft.unset(s3Name, ['access_key_id', 'secret_access_key', 'session_token']);
}
