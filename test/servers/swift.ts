import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { makeScratch, removeScratch } from '../scratch.ts';
import { answers, startDaemon, waitFor } from './daemon.ts';
import { requirePeer } from './peers.ts';
import { freePort, freePorts } from './ports.ts';
import type { Server } from './server.ts';
import { render } from './template.ts';

export interface SwiftOptions {
  /** Bytes of the largest single PUT: above it 413. */
  readonly maxFileSize?: number;
  /** Page size of listings; a client that asks for more gets 412. */
  readonly listingLimit?: number;
  /** Bytes of the smallest S3 part but the last. */
  readonly s3MinPart?: number;
  /** Seconds that a v1 token lives. */
  readonly tokenLife?: number;
  /** Base URL of a Keystone: adds the proxy that takes its tokens and EC2 keys. */
  readonly keystone?: string;
  /** Port of that proxy, when the Keystone's catalogue names it already. */
  readonly keystoneProxyPort?: number;
}

export interface SwiftAccess {
  /** v1 auth: test:tester / testing, test2:tester2 / testing2 (another account), test:tester3 / testing3 (needs ACLs). */
  readonly auth: string;
  /** S3, with the same names as access key and the same secrets. */
  readonly s3: string;
  /** S3 with Keystone's EC2 keys; empty without a Keystone. */
  readonly keystoneS3: string;
}

/** A real OpenStack Swift with one replica, in about a second. */
export async function startSwift(options: SwiftOptions = {}): Promise<Server<SwiftAccess>> {
  requirePeer('swift');
  const folder = makeScratch();
  const [proxy = 0, account = 0, container = 0, object = 0, memcached = 0] = await freePorts(5);
  const keystoneProxy = options.keystoneProxyPort ?? (await freePort());
  const listingLimit = options.listingLimit ?? 10_000;
  const values = {
    DIR: folder,
    USER: userInfo().username,
    MEMCACHED_PORT: memcached,
    MAX_FILE_SIZE: options.maxFileSize ?? 5 * 2 ** 30 + 2,
    LISTING_LIMIT: listingLimit,
    S3_MAX_LISTING: Math.min(1000, listingLimit - 1), // the S3 layer asks for one entry more than it shows
    S3_MIN_PART: options.s3MinPart ?? 5 * 2 ** 20,
    TOKEN_LIFE: options.tokenLife ?? 86_400,
    KEYSTONE: options.keystone ?? '',
  };
  mkdirSync(join(folder, 'devices', 'd1'), { recursive: true });
  mkdirSync(join(folder, 'cache'));
  render('swift/swift.conf.in', join(folder, 'swift.conf'), values);
  for (const [kind, port] of Object.entries({ account, container, object })) {
    render('swift/storage.conf.in', join(folder, `${kind}.conf`), { ...values, KIND: kind, PORT: port });
  }
  const roles = ['account', 'container', 'object', 'updater', 'proxy'];
  const proxyConfig = (name: string, port: number, pipeline: string): void =>
    render('swift/proxy.conf.in', join(folder, `${name}.conf`), { ...values, PORT: port, AUTH_PIPELINE: pipeline });
  proxyConfig('proxy', proxy, 's3api tempauth');
  if (options.keystone !== undefined) {
    proxyConfig('proxy-keystone', keystoneProxy, 'authtoken s3api s3token keystoneauth');
    roles.push('proxy-keystone');
  }

  const daemons = [
    startDaemon({
      name: 'memcached',
      command: ['memcached', '-u', values.USER, '-l', '127.0.0.1', '-p', String(memcached), '-U', '0', '-t', '1'],
      folder,
    }),
    startDaemon({
      name: 'swift',
      command: ['/usr/bin/python3', join(import.meta.dirname, 'swift', 'swiftd.py'), folder, ...roles],
      folder,
      env: { PORT_ACCOUNT: String(account), PORT_CONTAINER: String(container), PORT_OBJECT: String(object) },
    }),
  ];
  const url = `http://127.0.0.1:${proxy}`;
  const keystoneS3 = options.keystone === undefined ? '' : `http://127.0.0.1:${keystoneProxy}`;
  const server: Server<SwiftAccess> = {
    access: { auth: `${url}/auth/v1.0`, s3: url, keystoneS3 },
    pids: daemons.map((daemon) => daemon.pid),
    async [Symbol.asyncDispose]() {
      await Promise.all(daemons.map((daemon) => daemon.stop()));
      removeScratch(folder);
    },
  };
  try {
    await waitFor('swift', daemons, () => storesAnObject(url));
    if (keystoneS3) await waitFor('the keystone proxy', daemons, () => answers(`${keystoneS3}/healthcheck`));
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

// a token, an account, a container and an object: every daemon has answered
async function storesAnObject(url: string): Promise<boolean> {
  const login = await fetch(`${url}/auth/v1.0`, { headers: { 'X-Auth-User': 'admin:admin', 'X-Auth-Key': 'admin' } });
  const headers = { 'X-Auth-Token': login.headers.get('x-auth-token') ?? '' };
  const container = `${url}/v1/AUTH_admin/probe`;
  return (
    (await answers(container, { method: 'PUT', headers })) &&
    (await answers(`${container}/object`, { method: 'PUT', headers, body: 'ok' })) &&
    (await answers(`${container}/object`, { headers }))
  );
}
