import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import type { TransportSettings } from '../../core/backend.ts';
import { type Bytes, type Range, type Source, sourceOf } from '../../core/bytes.ts';
import { cancellation } from '../../core/cancel.ts';
import { type Pace, paced, type Turns } from '../../core/pace.ts';
import { pause } from '../../core/pause.ts';
import type { AnswerTaker } from './answer-reader.ts';
import type { Connection, Outgoing } from './connection.ts';
import { createConnections, type Route } from './connections.ts';
import { dumped } from './dump.ts';
import { Exchange } from './exchange.ts';
import { requestHead } from './head.ts';
import type { Purpose } from './network-failure.ts';
import { pacedAnswer } from './paced-answer.ts';
import { proxyWantsLogin } from './proxy.ts';
import { checkedBody } from './request-body.ts';

/** A body read from a source while it is sent. */
export interface StreamedBody {
  /** A source that can be read only once is opened when the server has said that it wants the body, or has said nothing for
   *  a second. */
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
  readonly body?: Uint8Array | StreamedBody | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Named where the network fails. */
  readonly purpose?: Purpose;
  /** Called with true when there is a connection, and before anything is sent over it: by each try. */
  readonly onSending?: ((isSending: true) => void) | undefined;
  /** Whether the bodies of request and answer hold passwords or keys: no dump shows them unasked. */
  readonly holdsSecrets?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read it, or `text`, `discard` or `abandon` it: an untouched body holds its connection. Leaving the loop early ends the
   *  connection. `whole` is for bodies up to 256 KiB, and null where one is cut: to be iterated then, for what has come. */
  readonly body: Bytes;
  /** The whole body as UTF-8. Throws Failure('transient') when it is over `limit` bytes or ends early. */
  text(limit?: number): Promise<string>;
  /** Resolves once the connection is free again. A large rest is cut off instead of read. */
  discard(): Promise<void>;
  /** Ends the connection, unless the whole body has come. */
  abandon(): void;
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
  const client: HttpClient = {
    request(request) {
      const { url, signal, purpose } = request;
      const pathOffset = url.indexOf('/', url.indexOf('//') + 2);
      const origin = pathOffset < 0 ? url : url.slice(0, pathOffset);
      const host = origin.slice(origin.indexOf('//') + 2);
      const exchange = new Exchange(host, signal, purpose);
      try {
        if (signal?.aborted) throw cancellation(signal);
        const route = connections.to(origin);
        const path = pathOffset < 0 ? '/' : url.slice(pathOffset);
        const target = route.isAbsolute ? origin + path : path;
        const usual = { host, 'user-agent': settings.userAgent, ...route.headers };
        const outgoing = outgoingOf(request, target, usual, settings);
        const { dump } = settings;
        const told = dump ? dumped({ outgoing, taker: exchange }, dump, request.holdsSecrets ?? false) : null;
        void sendOver(
          route,
          told?.outgoing ?? outgoing,
          exchange,
          told?.taker ?? exchange,
          settings.bandwidth?.down ?? null,
        );
        if (route.isAbsolute) return admitted(exchange.response);
      } catch (error) {
        exchange.onError(error as Error);
      }
      return exchange.response;
    },
    async [Symbol.asyncDispose]() {
      connections.close();
    },
  };
  return settings.turns ? takingTurns(client, settings.turns) : client;
}

/** The same, with each request in its turn. */
function takingTurns(client: HttpClient, turns: Turns): HttpClient {
  return {
    ...client,
    async request(request) {
      const delay = turns();
      if (delay > 0) await pause(delay, request.signal);
      return client.request(request);
    },
  };
}

/** `taker` is the exchange, or stands before it. */
function sendOver(
  route: Route,
  outgoing: Outgoing,
  exchange: Exchange,
  taker: AnswerTaker,
  pace: Pace | null,
): Awaitable<void> {
  const send = (connection: Connection): void => {
    const reader = pace ? pacedAnswer(taker, pace, () => connection.resume()) : taker;
    if (exchange.begin(connection)) connection.send(outgoing, reader);
    // What was opened for nothing is not known to be good.
    else connection.destroy();
  };
  // The server may be closing a kept connection at this moment: a body that can be sent only once must not be lost to that.
  const kept = outgoing.isAsked ? null : route.free();
  return whenFailed(
    () => whenThere(kept ?? route.open(), send),
    (error) => taker.onError(error as Error),
  );
}

/** `usual`: the headers of every request, to which those of this one are added, and those that the user adds. */
function outgoingOf(
  { method, headers, body, signal, onSending }: HttpRequest,
  target: string,
  usual: Record<string, string>,
  { bandwidth, headers: { every } }: TransportSettings,
): Outgoing {
  const pace = bandwidth?.up;
  const length = lengthOf(method, body);
  const isAsked = body !== undefined && !(body instanceof Uint8Array) && !body.source.replayable;
  const bytes = body === undefined || body instanceof Uint8Array ? (body ?? null) : checkedBody(body);
  if (length === null) usual['transfer-encoding'] = 'chunked';
  else if (length !== undefined) usual['content-length'] = `${length}`;
  if (isAsked) usual.expect = '100-continue';
  for (const name in headers) usual[name] = headers[name] ?? '';
  for (const name in every) usual[name] = every[name] ?? '';
  return {
    method,
    head: requestHead(method, target, usual),
    body: bytes && pace ? pacedBody(bytes, pace, signal) : bytes,
    isChunked: length === null,
    isAsked,
    isEmpty: length === 0,
    onSending,
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
