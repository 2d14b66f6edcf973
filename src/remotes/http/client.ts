import type { TransportSettings } from '../../core/backend.ts';
import { type Bytes, type Range, type Source, sourceOf } from '../../core/bytes.ts';
import { type Pace, paced } from '../../core/pace.ts';
import type { Outgoing } from './connection.ts';
import { createConnections, type Route } from './connections.ts';
import { cancellation, Exchange } from './exchange.ts';
import { requestHead } from './head.ts';
import { pacedAnswer } from './paced-answer.ts';
import { proxyWantsLogin } from './proxy.ts';
import { checkedBody } from './request-body.ts';

/** A body read from a source while it is sent. */
export interface StreamedBody {
  /** One that can be read once is opened when the server has said that it wants it, or has said nothing for a second. */
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
   *  'fatal' where TLS cannot be agreed on, 'denied' by a proxy, 'cancelled' by the signal. */
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
    async request(request) {
      const { url, signal } = request;
      if (signal?.aborted) throw cancellation(signal);
      const pathOffset = url.indexOf('/', url.indexOf('//') + 2);
      const origin = pathOffset < 0 ? url : url.slice(0, pathOffset);
      const host = origin.slice(origin.indexOf('//') + 2);
      const route = connections.to(origin);
      const target = pathOffset < 0 ? '/' : url.slice(pathOffset);
      const outgoing = outgoingOf(request, route, route.isAbsolute ? origin + target : target, settings, host);
      const exchange = new Exchange(host, signal);
      void sendOver(route, outgoing, exchange, settings.bandwidth?.down ?? null);
      return route.isAbsolute ? admitted(exchange.response) : exchange.response;
    },
    async [Symbol.asyncDispose]() {
      connections.close();
    },
  };
}

async function sendOver(route: Route, outgoing: Outgoing, exchange: Exchange, pace: Pace | null): Promise<void> {
  try {
    // A kept connection may be closed at this moment: a body that can be sent once is not lost to that.
    const connection = (outgoing.isAsked ? null : route.free()) ?? (await route.open());
    const taker = pace ? pacedAnswer(exchange, pace, () => connection.resume()) : exchange;
    if (exchange.begin(connection)) connection.send(outgoing, taker);
    // What was opened for nothing is not known to be good.
    else connection.destroy();
  } catch (error) {
    exchange.onError(error as Error);
  }
}

function outgoingOf(
  { method, headers, body, signal }: HttpRequest,
  route: Route,
  target: string,
  { userAgent, bandwidth }: TransportSettings,
  host: string,
): Outgoing {
  const length = lengthOf(method, body);
  const framing: Record<string, string> =
    length === null
      ? { 'transfer-encoding': 'chunked' }
      : length === undefined
        ? {}
        : { 'content-length': `${length}` };
  const isAsked = body !== undefined && !(body instanceof Uint8Array) && !body.source.replayable;
  const asking: Record<string, string> = isAsked ? { expect: '100-continue' } : {};
  const usual = { host, 'user-agent': userAgent };
  const bytes = body === undefined || body instanceof Uint8Array ? (body ?? null) : checkedBody(body);
  return {
    method,
    head: requestHead(method, target, { ...usual, ...route.headers, ...framing, ...asking, ...headers }),
    body: bytes && bandwidth?.up ? pacedBody(bytes, bandwidth.up, signal) : bytes,
    isChunked: length === null,
    isAsked,
    isEmpty: length === 0,
  };
}

function pacedBody(bytes: Uint8Array | Bytes, pace: Pace, signal: AbortSignal | undefined): Bytes {
  return paced(bytes instanceof Uint8Array ? sourceOf(bytes).open() : bytes, [pace], signal);
}

/** The answer of the server, where the proxy lets us through to it. */
async function admitted(answer: Promise<HttpResponse>): Promise<HttpResponse> {
  const response = await answer;
  if (response.status !== 407) return response;
  await response.discard();
  throw proxyWantsLogin();
}

/** Null for a body whose length is not known; undefined where none is expected. */
function lengthOf(method: string, body: HttpRequest['body']): number | null | undefined {
  if (body !== undefined) return body.length;
  return method === 'PUT' || method === 'POST' ? 0 : undefined;
}
