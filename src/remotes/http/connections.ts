import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { TransportSettings } from '../../core/backend.ts';
import { Failure, messageOf } from '../../core/failure.ts';
import { Connection } from './connection.ts';
import { type DialOptions, dial, dialThrough, peerOf } from './dial.ts';
import { proxyFor } from './proxy.ts';

// A kept connection outlives the pause between two files, and ends before usual servers and balancers drop it (60 s).
const keepAlive = 30_000;
// A server counts from when it sent its answer, and closes while a request may be on its way.
const keepAliveMargin = 1_000;

/** The connections to one origin, kept while they are free. */
export interface Route {
  /** What a request says besides: a login to a proxy. */
  readonly headers: Readonly<Record<string, string>>;
  /** A proxy is told the whole address. */
  readonly isAbsolute: boolean;
  /** A free connection; null where one must be opened. */
  free(): Connection | null;
  open(): Promise<Connection>;
}

export interface Connections {
  /** The route to `origin`, `https://host:port`. Throws Failure('usage') for what is no such address. */
  to(origin: string): Route;
  close(): void;
}

export function createConnections(
  settings: TransportSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Connections {
  const routes = new Map<string, Route>();
  const sockets = new Set<Socket>();
  const timeout = Number.isFinite(settings.timeout) ? settings.timeout : 0;
  const options: DialOptions = {
    connectTimeout: settings.connectTimeout,
    ...trust(settings),
    onSocket(socket) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
  };
  return {
    to(origin) {
      const known = routes.get(origin);
      if (known) return known;
      const route = createRoute(origin, proxyFor(checked(origin), environment), timeout, options);
      routes.set(origin, route);
      return route;
    },
    close() {
      // Requests still under way belong to nobody any more.
      for (const socket of sockets) socket.destroy();
    },
  };
}

function createRoute(origin: string, proxyAddress: string | null, timeout: number, options: DialOptions): Route {
  const peer = peerOf(new URL(origin));
  const proxy = proxyAddress === null ? null : new URL(checked(proxyAddress));
  const login = proxy && loginOf(proxy);
  const isAbsolute = proxy !== null && !peer.isEncrypted;
  const kept: Connection[] = [];
  let session: Buffer | undefined;

  const connect = (connection: Connection): Promise<Socket> => {
    if (!proxy) return dial(peer, { ...options, session }, connection.onread);
    if (isAbsolute) return dial(peerOf(proxy), options, connection.onread);
    return dialThrough(peerOf(proxy), login, peer, options);
  };
  return {
    headers: isAbsolute && login !== null ? { 'proxy-authorization': login } : {},
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
      if (!proxy) socket.on('session', (given: Buffer) => (session = given));
      return connection;
    },
  };
}

/** By the server's own word, as `timeout=5`, where it gives one. */
function keptFor(header: string | undefined): number {
  const [, seconds] = /timeout=(\d+)/.exec(header ?? '') ?? [];
  return seconds === undefined ? keepAlive : Math.min(keepAlive, Number(seconds) * 1000 - keepAliveMargin);
}

function loginOf({ username, password }: URL): string | null {
  if (username === '') return null;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

function checked(address: string): string {
  if (URL.canParse(address) && /^https?:/.test(address)) return address;
  throw new Failure('usage', `"${address}" is no http or https address`);
}

function trust({ caCert, insecureTls }: TransportSettings): { ca?: Buffer; rejectUnauthorized?: boolean } {
  return { ...(caCert && { ca: readAuthorities(caCert) }), ...(insecureTls && { rejectUnauthorized: false }) };
}

function readAuthorities(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure('usage', `cannot read the certificate authorities in ${path} (--ca-cert): ${messageOf(error)}`);
  }
}
