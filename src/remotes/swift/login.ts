import { Failure } from '../../core/failure.ts';
import type { HttpClient, HttpResponse } from '../http/client.ts';
import { readRetryAfter } from '../http/retry.ts';
import type { Credentials } from './credentials.ts';
import { legacyLogin } from './login-v1.ts';
import { legacyKeystoneLogin } from './login-v2.ts';
import { keystoneLogin } from './login-v3.ts';

/** What a login gives. */
export interface Grant {
  readonly token: string;
  /** Without a slash at its end. */
  readonly storageUrl: string;
  /** Milliseconds since 1970; null when the service did not say. */
  readonly expires: number | null;
}

/** One version of the login: what to ask and how to read the answer. */
export interface Login {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  };
  /** Throws Failure('usage') when the catalogue has no storage that fits. */
  read(headers: Readonly<Record<string, string>>, body: string, now: number): Grant;
}

/** Logs in once. Throws Failure: 'denied' for a wrong name or password, 'usage' for an address that is no login service. */
export async function logIn(http: HttpClient, credentials: Credentials, label: string): Promise<Grant> {
  const { request, read } = loginOf(credentials, label);
  const response = await http.request({ ...request, holdsSecrets: true });
  const body = await response.text();
  if (response.status < 200 || response.status >= 300) throw loginFailure(response, credentials, label);
  const grant = read(response.headers, body, Date.now());
  if (grant.token !== '') return grant;
  throw new Failure('usage', `${label}: ${credentials.authUrl} answers without a token: check "auth"`);
}

function loginOf(credentials: Credentials, label: string): Login {
  switch (loginVersion(credentials)) {
    case 1:
      return legacyLogin(credentials);
    case 2:
      return legacyKeystoneLogin(credentials);
    case 3:
      return keystoneLogin(credentials);
    default:
      throw new Failure(
        'usage',
        `${label} cannot log in: the address ${credentials.authUrl} names no version: set auth_version to 1, 2 or 3`,
      );
  }
}

/** 1, 2 or 3; 0 where neither the options nor the address tell. As ncw/swift sees it: anywhere in the address. */
export function loginVersion({ version, authUrl: url }: Pick<Credentials, 'version' | 'authUrl'>): number {
  if (version) return version;
  return url.includes('v3') ? 3 : url.includes('v2') ? 2 : url.includes('v1') ? 1 : 0;
}

function loginFailure(
  { status, headers }: HttpResponse,
  { authUrl, user, userId }: Credentials,
  label: string,
): Failure {
  const who = user || userId;
  if (status === 401 || status === 403) {
    const message = `${label} cannot log in${who && ` as ${who}`}: check the user, the password or key, the project and their domains`;
    return new Failure('denied', message);
  }
  if (status === 429 || status >= 500) {
    const retryAfter = readRetryAfter(headers['retry-after']);
    return new Failure('transient', `${label}: the login service answers ${status}`, { retryAfter });
  }
  return new Failure('usage', `${label}: ${authUrl} answers ${status} to a login: check "auth" and "auth_version"`);
}
