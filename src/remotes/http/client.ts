import type { Readable } from 'node:stream';
import type { TransportSettings } from '../../core/backend.ts';
import type { Bytes, Range, Source } from '../../core/bytes.ts';
import { createConnections } from './connections.ts';
import { cancellation, Exchange } from './exchange.ts';
import { checkedBody } from './request-body.ts';

/** A body read from a source while it is sent. */
export interface StreamedBody {
  readonly source: Source;
  readonly range?: Range;
  /** Bytes to send; null sends chunks until the source ends. A source that yields another number fails the request. */
  readonly length: number | null;
  /** Sees each piece before it leaves, for a checksum. */
  onPiece?(piece: Uint8Array): void;
}

export interface HttpRequest {
  readonly method: string;
  /** Absolute, percent-encoded. Goes out as it is: `..` in a path stays. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An array must not change before the response is there. */
  readonly body?: Uint8Array | StreamedBody;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read it, or `text` or `discard` it: an untouched body holds its connection. Leaving the loop early ends the connection. */
  readonly body: Bytes;
  /** The whole body as UTF-8. Throws Failure('transient') when it is over `limit` bytes or ends early. */
  text(limit?: number): Promise<string>;
  /** Resolves once the connection is free again. A large rest is cut off instead of read. */
  discard(): Promise<void>;
}

export interface HttpClient extends AsyncDisposable {
  /** Resolves with any status once the headers are there. Throws Failure: 'transient' for the network's faults,
   *  'fatal' for a certificate that is not trusted, 'cancelled' by the signal. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** HTTP/1.1 with kept connections, as many as there are requests at a time.
 *  `environment` gives HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export function createHttpClient(
  settings: TransportSettings,
  environment: Readonly<Record<string, string | undefined>> = {},
): HttpClient {
  const connections = createConnections(settings, environment);
  return {
    async request({ method, url, headers, body, signal }) {
      if (signal?.aborted) throw cancellation(signal);
      const pathOffset = url.indexOf('/', url.indexOf('//') + 2);
      const origin = pathOffset < 0 ? url : url.slice(0, pathOffset);
      const exchange = new Exchange(origin.slice(origin.indexOf('//') + 2), signal);
      connections.to(origin).dispatch(
        {
          origin,
          path: pathOffset < 0 ? '/' : url.slice(pathOffset),
          method,
          headers: { 'user-agent': settings.userAgent, ...lengthOf(body), ...headers },
          body: toUndici(body),
          // undici would close the connection after a HEAD.
          reset: false,
        },
        exchange,
      );
      return exchange.response;
    },
    [Symbol.asyncDispose]: () => connections.close(),
  };
}

function lengthOf(body: HttpRequest['body']): Record<string, string> {
  return body === undefined || body instanceof Uint8Array || body.length === null
    ? {}
    : { 'content-length': String(body.length) };
}

function toUndici(body: HttpRequest['body']): Uint8Array | Readable | null {
  if (body === undefined || body instanceof Uint8Array) return body ?? null;
  // undici reads any async iterable; its types know only streams.
  return checkedBody(body) as Bytes as Readable;
}
