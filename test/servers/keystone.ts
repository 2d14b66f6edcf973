import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratch, removeScratch } from '../scratch.ts';
import { answers, startDaemon, waitFor } from './daemon.ts';
import { requirePeer } from './peers.ts';
import { freePort } from './ports.ts';
import { mustRun } from './run.ts';
import type { Server } from './server.ts';
import { render } from './template.ts';

export interface KeystoneOptions {
  /** Seconds. */
  readonly tokenLife?: number;
  /** Object-store URLs of the catalogue's regions `swift` and `rgw`; `%(tenant_id)s` is the project's id. */
  readonly swiftEndpoint?: string;
  readonly cephEndpoint?: string;
  readonly port?: number;
}

/** Who can log in: see the head of keystone/setup.py for all of them. */
export interface KeystoneAccess {
  /** Without `/v3`. */
  readonly url: string;
  /** alice's application credential in project_2000001. */
  readonly applicationCredential: { readonly id: string; readonly name: string; readonly secret: string };
}

const nowhere = 'http://127.0.0.1:9/v1/AUTH_%(tenant_id)s';

/** A real Keystone v3 on sqlite, in about five seconds. */
export async function startKeystone(options: KeystoneOptions = {}): Promise<Server<KeystoneAccess>> {
  requirePeer('keystone');
  const folder = makeScratch();
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'keystone.conf');
  for (const name of ['fernet', 'credential']) mkdirSync(join(folder, name), { mode: 0o700 });
  render('keystone/keystone.conf.in', config, { DIR: folder, TOKEN_LIFE: options.tokenLife ?? 3600 });
  await mustRun('/usr/bin/python3', [join(import.meta.dirname, 'keystone', 'setup.py'), config], {
    env: {
      KEYSTONE_URL: url,
      SWIFT_ENDPOINT: options.swiftEndpoint ?? nowhere,
      CEPH_ENDPOINT: options.cephEndpoint ?? nowhere,
    },
  });
  const daemon = startDaemon({
    name: 'keystone',
    // one process, no threads: Keystone on sqlite stands no more
    command: [
      ...['uwsgi_python3', '--http-socket', `127.0.0.1:${port}`, '--wsgi-file', '/usr/bin/keystone-wsgi-public'],
      ...['--master', '--no-orphans', '--lazy-apps', '--processes', '1', '--disable-logging'],
      ...['--buffer-size', '65535', '--post-buffering', '65536'],
    ],
    folder,
    env: { OS_KEYSTONE_CONFIG_FILES: config },
  });
  const server: Server<KeystoneAccess> = {
    access: {
      url,
      applicationCredential: {
        id: createHash('md5').update('appcred-alice').digest('hex'),
        name: 'lab',
        secret: 'appcred-secret',
      },
    },
    pids: [daemon.pid],
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      removeScratch(folder);
    },
  };
  try {
    await waitFor('keystone', [daemon], () => logsIn(url));
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function logsIn(url: string): Promise<boolean> {
  const domain = { name: 'Default' };
  const auth = {
    identity: { methods: ['password'], password: { user: { name: 'alice', domain, password: 'alicepw' } } },
    scope: { project: { name: 'project_2000001', domain } },
  };
  const headers = { 'Content-Type': 'application/json' };
  return answers(`${url}/v3/auth/tokens`, { method: 'POST', headers, body: JSON.stringify({ auth }) });
}
