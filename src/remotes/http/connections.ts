import { readFileSync } from 'node:fs';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { TransportSettings } from '../../core/backend.ts';
import { Failure, messageOf } from '../../core/failure.ts';
import { proxyFor } from './proxy.ts';

// A kept connection outlives the pause between two files, and ends before usual servers and balancers drop it (60 s).
const keepAlive = 30_000;

export interface Connections {
  /** The pool for `origin`, `https://host:port`. */
  to(origin: string): Dispatcher;
  close(): Promise<void>;
}

export function createConnections(
  settings: TransportSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Connections {
  const pools = new Map<string, Dispatcher>();
  const connect = { timeout: undiciTimeout(settings.connectTimeout), ...trust(settings) };
  const options = {
    headersTimeout: undiciTimeout(settings.timeout),
    bodyTimeout: undiciTimeout(settings.timeout),
    keepAliveTimeout: keepAlive,
    keepAliveMaxTimeout: keepAlive,
  };
  const open = (origin: string): Dispatcher => {
    if (!URL.canParse(origin) || !/^https?:/.test(origin)) {
      throw new Failure('usage', `"${origin}" is no http or https address`);
    }
    const proxy = proxyFor(origin, environment);
    if (proxy === null) return new Pool(origin, { ...options, connect });
    return new ProxyAgent({ ...options, uri: proxy, proxyTunnel: false, requestTls: connect, proxyTls: connect });
  };
  return {
    to(origin) {
      const known = pools.get(origin);
      if (known) return known;
      const pool = open(origin);
      pools.set(origin, pool);
      return pool;
    },
    async close() {
      // Requests still under way belong to nobody any more.
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

// rclone's "off" is Infinity here; undici's is 0.
function undiciTimeout(milliseconds: number): number {
  return Number.isFinite(milliseconds) ? milliseconds : 0;
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
