import type { Socket } from 'node:net';
import type { TransportSettings } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import { timerDelay } from '../../core/timer.ts';
import { Connection } from './connection.ts';
import { type DialOptions, dial, dialProxy, dialThrough, type Peer, peerOf } from './dial.ts';
import { type ProxyServer, parseProxy, proxyFor } from './proxy.ts';
import { tlsSettings } from './tls-settings.ts';

// A kept connection outlives the pause between two files, and ends before usual servers and balancers drop it (60 s).
const keepAlive = 30_000;
// A server counts from when it sent its answer, and closes while a request may be on its way.
const keepAliveMargin = 1_000;

/** The connections to one origin, kept while they are free. */
export interface Route {
  /** Headers that each request has to have besides its own: a login to a proxy. */
  readonly headers: Readonly<Record<string, string>>;
  /** A proxy is told the whole address. */
  readonly isAbsolute: boolean;
  /** A free connection; null where one must be opened. */
  free(): Connection | null;
  open(): Promise<Connection>;
}

export interface Connections {
  /** The route to `origin`, `https://host:port`. Throws Failure('usage') for what is no such address, and for a proxy
   *  that is none; Failure('cancelled') after `close`, so that nobody goes on trying. */
  to(origin: string): Route;
  close(): void;
}

export function createConnections(
  settings: TransportSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Connections {
  const routes = new Map<string, Route>();
  const sockets = new Set<Socket>();
  let isClosed = false;
  const timeout = timerDelay(Math.max(0, settings.timeout));
  const options: DialOptions = {
    connectTimeout: settings.connectTimeout,
    tls: tlsSettings(settings),
    bindAddress: settings.bindAddress,
    onSocket(socket) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
  };
  return {
    to(origin) {
      if (isClosed) throw new Failure('cancelled', `no more requests to ${origin}: its remote is closed`);
      const known = routes.get(origin);
      if (known) return known;
      const url = parseOrigin(origin);
      const proxy = proxyFor(origin, environment);
      const route = createRoute(peerOf(url), proxy === null ? null : parseProxy(proxy), timeout, options);
      routes.set(origin, route);
      return route;
    },
    close() {
      isClosed = true;
      // Requests still under way belong to nobody any more.
      for (const socket of sockets) socket.destroy();
    },
  };
}

function createRoute(peer: Peer, proxy: ProxyServer | null, timeout: number, options: DialOptions): Route {
  const isAbsolute = proxy !== null && !peer.isEncrypted;
  const kept: Connection[] = [];
  let session: Buffer | undefined;
  const onSocket = (socket: Socket): void => {
    options.onSocket(socket);
    // TLS 1.2 gives a session before the connection is there, TLS 1.3 behind it.
    socket.on('session', (given: Buffer) => (session = given));
  };

  const connect = (connection: Connection): Promise<Socket> => {
    if (!proxy) return dial(peer, { ...options, session, onSocket }, connection.onread);
    if (isAbsolute) return dialProxy(peerOf(proxy.url), options, connection.onread);
    return dialThrough(peerOf(proxy.url), proxy.login, peer, options);
  };
  return {
    headers: isAbsolute && proxy.login !== null ? { 'proxy-authorization': proxy.login } : {},
    isAbsolute,
    free() {
      while (true) {
        const connection = kept.pop();
        if (!connection || Date.now() < connection.freeUntil) return connection ?? null;
        connection.destroy();
      }
    },
    async open() {
      const connection: Connection = new Connection(
        timeout,
        ({ headers }) => {
          connection.freeUntil = Date.now() + keptFor(headers['keep-alive']);
          kept.push(connection);
        },
        () => {
          const index = kept.indexOf(connection);
          if (index >= 0) kept.splice(index, 1);
        },
      );
      const socket = await connect(connection);
      connection.attach(socket);
      return connection;
    },
  };
}

/** Milliseconds that a free connection is kept: as long as the server says, `timeout=5`, where it says so. */
function keptFor(header: string | undefined): number {
  const [, seconds] = /timeout=(\d+)/.exec(header ?? '') ?? [];
  return seconds === undefined ? keepAlive : Math.min(keepAlive, Number(seconds) * 1000 - keepAliveMargin);
}

function parseOrigin(origin: string): URL {
  const url = /^https?:/.test(origin) && URL.canParse(origin) ? new URL(origin) : undefined;
  if (!url)
    throw new Failure('usage', `"${origin}" is not an http or https address: begin it with https:// or http://`);
  if (url.username === '' && url.password === '') return url;
  throw new Failure('usage', `the address of ${url.host} holds a name or a password: they have their own options`);
}
