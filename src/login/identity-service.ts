import type { TransportSettings } from '../core/backend.ts';
import { Failure } from '../core/failure.ts';
import { parseObject } from '../core/json.ts';
import type { Report } from '../core/report.ts';
import type { HttpClient } from '../remotes/http/client.ts';
import { readRetryAfter, withRetries } from '../remotes/http/retry.ts';

export interface IdentityRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind the address of Keystone: `/auth/tokens`. */
  readonly path: string;
  /** Who asks. */
  readonly token?: string;
  /** Whom the question is about. */
  readonly subjectToken?: string;
  readonly body?: object;
}

export interface IdentityAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the body says; null where it is no object in JSON. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** A Keystone, spoken to. */
export interface IdentityService {
  /** With its version, without a slash at its end. */
  readonly authUrl: string;
  /** Resolves with any answer but those that may pass, after the usual tries. Throws Failure, which shows nothing of
   *  what was sent. */
  send(request: IdentityRequest): Promise<IdentityAnswer>;
}

export interface IdentitySurroundings {
  readonly http: HttpClient;
  readonly settings: Pick<TransportSettings, 'lowLevelRetries'>;
  readonly report: Report;
  readonly signal: AbortSignal;
}

// A catalogue has some hundred kilobytes at most.
const longestAnswer = 4 << 20;

export function createIdentityService(authUrl: string, surroundings: IdentitySurroundings): IdentityService {
  const { http, settings, report, signal } = surroundings;

  async function attempt({ method, path, token, subjectToken, body }: IdentityRequest): Promise<IdentityAnswer> {
    const response = await http.request({
      method,
      url: authUrl + path,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { 'x-auth-token': token }),
        ...(subjectToken !== undefined && { 'x-subject-token': subjectToken }),
      },
      ...(body && { body: Buffer.from(JSON.stringify(body)) }),
      signal,
      holdsSecrets: true,
    });
    const { status, headers } = response;
    const text = await response.text(longestAnswer);
    if (status === 429 || status >= 500) {
      const message = `the login service ${authUrl} answers ${status}: try again later`;
      throw new Failure('transient', message, { retryAfter: readRetryAfter(headers['retry-after']) });
    }
    return { status, headers, body: parseObject(text) };
  }

  return {
    authUrl,
    send: (request) => withRetries(settings, report, authUrl, () => attempt(request), signal),
  };
}
