import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratch, removeScratch } from '../scratch.ts';
import { answers, type Daemon, startDaemon, waitFor } from './daemon.ts';
import { requirePeer } from './peers.ts';
import { freePort, freePorts } from './ports.ts';
import { mustRun, run } from './run.ts';
import type { Server } from './server.ts';
import { render } from './template.ts';

export interface CephOptions {
  /** Bytes of the largest single PUT: above it 400. */
  readonly maxFileSize?: number;
  /** Bytes of the smallest S3 part but the last. */
  readonly s3MinPart?: number;
  /** Base URL of a Keystone whose tokens and EC2 keys are taken too. */
  readonly keystone?: string;
  readonly port?: number;
}

export interface CephAccess {
  /** v1 auth: test:tester / testing, test2:tester2 / testing2 (another account). */
  readonly auth: string;
  /** S3, with the same names as access key and the same secrets. */
  readonly s3: string;
}

const osdId = '22222222-2222-3333-4444-555555555555';
const monitorId = '11111111-2222-3333-4444-555555555555';

/** A real Ceph of one monitor, one OSD in memory and radosgw, in about two seconds. */
export async function startCeph(options: CephOptions = {}): Promise<Server<CephAccess>> {
  requirePeer('ceph');
  const folder = makeScratch();
  const port = options.port ?? (await freePort());
  const daemons: Daemon[] = [];
  const server: Server<CephAccess> = {
    access: { auth: `http://127.0.0.1:${port}/auth/v1.0`, s3: `http://127.0.0.1:${port}` },
    get pids() {
      return daemons.map((daemon) => daemon.pid);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(daemons.map((daemon) => daemon.stop()));
      removeScratch(folder);
    },
  };
  try {
    await startCluster(folder, await writeConfig(folder, port, options), daemons);
    const headers = { 'X-Auth-User': 'test:tester', 'X-Auth-Key': 'testing' };
    await waitFor('radosgw', daemons, () => answers(server.access.auth, { headers }));
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** Returns the config's path. */
async function writeConfig(folder: string, port: number, options: CephOptions): Promise<string> {
  const [monitorPort = 0] = await freePorts(1);
  for (const name of ['mon', 'osd', 'rgw', 'run', 'crash']) mkdirSync(join(folder, name));
  const config = join(folder, 'ceph.conf');
  render('ceph/ceph.conf.in', config, {
    DIR: folder,
    PORT: port,
    PORT_MON: monitorPort,
    S3_MIN_PART: options.s3MinPart ?? 5 * 2 ** 20,
    MAX_FILE_SIZE: options.maxFileSize ?? 5 * 2 ** 30,
    KEYSTONE: options.keystone === undefined ? '' : keystoneOptions(options.keystone),
  });
  await writeKeyring(folder);
  const address = `[v2:127.0.0.1:${monitorPort}/0]`;
  await mustRun('monmaptool', [
    ...['--create', '--clobber', '--fsid', monitorId, '--addv', 'a', address, join(folder, 'monmap')],
  ]);
  return config;
}

// one key for all, known to the monitor from its first key store: no `ceph auth` calls
async function writeKeyring(folder: string): Promise<void> {
  const key = (await mustRun('ceph-authtool', ['--gen-print-key'])).trim();
  const capabilities = {
    'mon.': ['mon = "allow *"'],
    'client.admin': ['mon = "allow *"', 'osd = "allow *"', 'mgr = "allow *"'],
    'osd.0': ['mon = "allow profile osd"', 'osd = "allow *"'],
    'client.rgw': ['mon = "allow rw"', 'osd = "allow rwx"'],
  };
  const sections = Object.entries(capabilities).map(([name, caps]) =>
    [`[${name}]`, `key = ${key}`, ...caps.map((cap) => `caps ${cap}`)].join('\n'),
  );
  writeFileSync(join(folder, 'keyring'), `${sections.join('\n')}\n`);
}

async function startCluster(folder: string, config: string, daemons: Daemon[]): Promise<void> {
  const start = (name: string, ...command: string[]): void => {
    daemons.push(startDaemon({ name, command: [...command, '-f'], folder }));
  };
  const monitor = ['ceph-mon', '-c', config, '-i', 'a'] as const;
  const osd = ['ceph-osd', '-c', config, '-i', '0'] as const;
  const monmap = join(folder, 'monmap');
  await mustRun(monitor[0], [...monitor.slice(1), '--mkfs', '--monmap', monmap, '--keyring', join(folder, 'keyring')]);
  start('mon', ...monitor);
  const newOsd = ['-c', config, '--connect-timeout', '20', 'osd', 'new', osdId];
  await waitFor('ceph-mon', daemons, async () => (await run('ceph', newOsd)).code === 0);
  await mustRun(osd[0], [...osd.slice(1), '--mkfs', '--osd-uuid', osdId]);
  start('osd', ...osd);
  // before radosgw, so that one process alone makes the zone and its pools
  await makeUser(config, 'test', 'tester', 'testing');
  await makeUser(config, 'test2', 'tester2', 'testing2');
  start('rgw', 'radosgw', '-c', config, '-n', 'client.rgw');
}

async function makeUser(config: string, account: string, user: string, secret: string): Promise<void> {
  const name = `${account}:${user}`;
  const admin = (...args: string[]): Promise<string> =>
    mustRun('radosgw-admin', ['-c', config, '-n', 'client.rgw', ...args, `--uid=${account}`, `--secret=${secret}`]);
  await admin('user', 'create', `--display-name=${account}`, `--access-key=${name}`, '--key-type=s3');
  await admin('subuser', 'create', `--subuser=${name}`, '--access=full', '--key-type=swift');
}

function keystoneOptions(url: string): string {
  return `rgw_keystone_url = ${url}
rgw_keystone_api_version = 3
rgw_keystone_admin_user = swift
rgw_keystone_admin_password = swiftpw
rgw_keystone_admin_domain = Default
rgw_keystone_admin_project = service
rgw_keystone_accepted_roles = admin, member, reader
rgw_keystone_accepted_admin_roles = ResellerAdmin
rgw_keystone_accepted_reader_roles = reader
rgw_keystone_implicit_tenants = false
rgw_keystone_token_cache_size = 500
rgw_s3_auth_use_keystone = true
rgw_s3_auth_order = sts, local, external`;
}
