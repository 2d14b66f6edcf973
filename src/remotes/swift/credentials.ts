import { Failure } from '../../core/failure.ts';
import { renewCommand } from './login-command.ts';
import type { SwiftOptions } from './options.ts';

/** Everything that a login may need; what is not given is empty. */
export interface Credentials {
  /** 0 leaves it to the address. */
  readonly version: number;
  readonly authUrl: string;
  readonly user: string;
  readonly userId: string;
  readonly key: string;
  readonly domain: string;
  readonly domainId: string;
  readonly project: string;
  readonly projectId: string;
  readonly projectDomain: string;
  readonly projectDomainId: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly applicationSecret: string;
  readonly region: string;
  /** `public`, `internal` or `admin`. */
  readonly endpointType: string;
  /** Given instead of, or over, what a login returns. */
  readonly storageUrl: string;
  readonly token: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What `gatherCredentials` finds. Throws Failure('usage') when it is not enough. */
export function readCredentials(options: SwiftOptions, environment: Environment, label: string): Credentials {
  const credentials = gatherCredentials(options, environment);
  requireEnough(credentials, options.env_auth, label);
  return credentials;
}

/** The options, and with `env_auth` the environment for what they leave empty: OS_* before ST_*, as rclone reads them
 *  (ncw/swift ApplyEnvironment), and some names that newer clients set. */
export function gatherCredentials(options: SwiftOptions, environment: Environment): Credentials {
  const or = (value: string, ...names: readonly string[]): string => {
    if (value !== '' || !options.env_auth) return value;
    return names.map((name) => environment[name] ?? '').find((found) => found !== '') ?? '';
  };
  const version = String(options.auth_version || '');
  const endpointType = options.endpoint_type === 'public' ? or('', 'OS_ENDPOINT_TYPE') : options.endpoint_type;
  return {
    version: Number(or(version, 'ST_AUTH_VERSION', 'OS_IDENTITY_API_VERSION').split('.')[0]),
    authUrl: or(options.auth, 'OS_AUTH_URL', 'ST_AUTH'),
    user: or(options.user, 'OS_USERNAME', 'ST_USER'),
    userId: or(options.user_id, 'OS_USER_ID'),
    key: or(options.key, 'OS_PASSWORD', 'ST_KEY'),
    domain: or(options.domain, 'OS_USER_DOMAIN_NAME'),
    domainId: or('', 'OS_USER_DOMAIN_ID'),
    project: or(options.tenant, 'OS_TENANT_NAME', 'OS_PROJECT_NAME'),
    projectId: or(options.tenant_id, 'OS_TENANT_ID', 'OS_PROJECT_ID'),
    projectDomain: or(options.tenant_domain, 'OS_PROJECT_DOMAIN_NAME'),
    projectDomainId: or('', 'OS_PROJECT_DOMAIN_ID'),
    applicationId: or(options.application_credential_id, 'OS_APPLICATION_CREDENTIAL_ID'),
    applicationName: or(options.application_credential_name, 'OS_APPLICATION_CREDENTIAL_NAME'),
    applicationSecret: or(options.application_credential_secret, 'OS_APPLICATION_CREDENTIAL_SECRET'),
    region: or(options.region, 'OS_REGION_NAME'),
    endpointType: endpointType.replace(/URL$/, '') || 'public',
    storageUrl: or(options.storage_url, 'OS_STORAGE_URL').replace(/\/+$/, ''),
    token: or(options.auth_token, 'OS_AUTH_TOKEN'),
  };
}

/** True where a new token can be had, once the given one or the last one is refused. */
export function canLogIn({ authUrl, key, applicationSecret }: Credentials): boolean {
  return authUrl !== '' && (key !== '' || applicationSecret !== '');
}

function requireEnough(credentials: Credentials, isFromEnvironment: boolean, label: string): void {
  const { storageUrl, token, authUrl, user, userId, key, applicationSecret } = credentials;
  if (storageUrl !== '' && token !== '') return;
  const missing = (option: string, name: string): Failure =>
    new Failure(
      'usage',
      `${label} cannot log in: ${isFromEnvironment ? `set ${name}` : `give "${option}" in the config`}`,
    );
  if (authUrl === '') throw missing('auth', 'OS_AUTH_URL, or OS_STORAGE_URL and OS_AUTH_TOKEN (source allas_conf)');
  if (applicationSecret !== '') return;
  // What coffer login --logout leaves.
  if (key === '' && user !== '' && credentials.version === 3 && !isFromEnvironment) {
    throw new Failure('denied', `${label} nobody is logged in: ${renewCommand(label)}`);
  }
  // Without a user the key is a token of Keystone's.
  if (key === '') throw missing('key', 'OS_PASSWORD');
  if (user === '' && userId === '' && credentials.version === 1) throw missing('user', 'ST_USER');
}
