import type { TransportSettings } from '../../core/backend.ts';
import type { Report } from '../../core/report.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../http/client.ts';
import { withRetries } from '../http/retry.ts';
import { faultOf } from './faults.ts';
import type { Session } from './session.ts';
import { type Target, urlPath } from './target.ts';

export interface StoreRequest extends Pick<HttpRequest, 'method' | 'headers' | 'body' | 'signal' | 'onSending'> {
  readonly target: Target;
  /** What messages call the target. */
  readonly path: string;
  /** Behind the question mark, percent-encoded. */
  readonly query?: string;
  /** Statuses that the caller wants to see, besides 2xx. */
  readonly accept?: readonly number[];
  /** False for a body that only the caller can send again. */
  readonly isRetried?: boolean;
}

/** The account's requests: with the token, again after a fault that may pass, and with a new token after 401. */
export interface Service {
  /** Resolves for 2xx and what the caller accepts. Throws Failure. */
  send(request: StoreRequest): Promise<HttpResponse>;
  /** Where the storage is, after a login if need be. */
  storageUrl(signal?: AbortSignal): Promise<string>;
  /** A GET beside the storage, without a token. Resolves with any status. */
  fetch(url: string): Promise<{ readonly status: number; readonly text: string }>;
}

/** What stores or removes is answered with 201, 202 or 204 (https://docs.openstack.org/api-ref/object-store/). A 200 is that of
 *  a page that asks for a login, say: nothing has been done. */
function isDone(method: string, status: number): boolean {
  const least = method === 'PUT' || method === 'DELETE' ? 201 : 200;
  return status >= least && status < 300;
}

export function createService(
  http: HttpClient,
  session: Session,
  settings: TransportSettings,
  report: Report,
): Service {
  async function attempt(request: StoreRequest): Promise<HttpResponse> {
    const grant = await session.grant(request.signal);
    let response = await exchange(request, grant);
    if (response.status === 401) {
      await response.discard();
      response = await exchange(request, await session.renew(grant, request.signal));
    }
    if (isDone(request.method, response.status) || request.accept?.includes(response.status)) return response;
    throw await faultOf(response, request);
  }

  function exchange(request: StoreRequest, grant: { token: string; storageUrl: string }): Promise<HttpResponse> {
    const { method, target, query, headers, body, signal, onSending } = request;
    return http.request({
      method,
      url: `${grant.storageUrl}${urlPath(target)}${query ? `?${query}` : ''}`,
      headers: { 'x-auth-token': grant.token, ...headers },
      body,
      signal,
      purpose: request,
      onSending,
    });
  }

  return {
    send(request) {
      if (request.isRetried === false) return attempt(request);
      return withRetries(settings, report, request.path, () => attempt(request), request.signal);
    },
    storageUrl: async (signal) => (await session.grant(signal)).storageUrl,
    fetch: (url) =>
      withRetries(settings, report, url, async () => {
        const response = await http.request({ method: 'GET', url });
        return { status: response.status, text: await response.text() };
      }),
  };
}
