import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { programPath } from '../program.ts';
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy/proxy.ts';
import { requirePeer } from '../servers/peers.ts';
import { configText, crypt, type Section } from '../servers/remotes.ts';
import { mustRun, type Result, run } from '../servers/run.ts';

export const stores = ['swift-v1', 'ceph-v1', 'swift-s3', 'ceph-s3'] as const;
export type Store = (typeof stores)[number];

/** Fits into one request. */
export const smallSize = 300_000;
/** Goes in segments or parts. */
export const bigSize = 12 * 2 ** 20 + 1;

/** coffer before a store whose connection breaks, in folders and buckets of its own. */
export interface Stage extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** With `file` in it. */
  readonly source: string;
  /** Of the file's bytes. */
  readonly digest: string;
  /** Where downloads go. */
  readonly target: string;
  coffer(...args: readonly string[]): Promise<Result>;
  /** What coffer's `run` needs, to start it and kill it. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Puts the source there with rclone, past the proxy. */
  seed(): Promise<void>;
  /** The digest of the decrypted `file` as rclone reads it past the proxy; null when rclone sees nothing in the bucket. */
  stored(): Promise<string | null>;
  /** Objects that an upload left beside its file, and uploads that were never finished. */
  leftovers(): Promise<string[]>;
  /** The digest of each file under `target`, by name. */
  downloaded(): Promise<Record<string, string>>;
}

/** Remotes `sealed:` through the proxy and `direct-sealed:` past it. */
export async function makeStage(store: Store, size: number): Promise<Stage> {
  requirePeer('rclone');
  const section = inject('lab').remotes[store];
  const folder = await mkdtemp(join(tmpdir(), 'coffer-faults-'));
  const bucket = `faults-${randomUUID()}`;
  const source = join(folder, 'source');
  const target = join(folder, 'target');
  await mkdir(source);
  await mkdir(target);
  await writeFile(join(source, 'file'), randomBytes(size));
  const address = new URL(section.endpoint ?? section.auth ?? '');
  const proxy = await startFaultProxy(address.origin);
  // one upload at a time, so that a fault befalls a known request
  const pieces =
    section.type === 's3'
      ? { chunk_size: '5Mi', upload_cutoff: '5Mi', upload_concurrency: '1' }
      : { chunk_size: '5Mi' };
  const direct: Section = { ...section, ...pieces };
  const proxied = section.type === 's3' ? { endpoint: proxy.url } : { auth: `${proxy.url}${address.pathname}` };
  const config = join(folder, 'rclone.conf');
  await writeFile(
    config,
    configText({
      direct,
      proxied: { ...direct, ...proxied },
      'direct-sealed': crypt(`direct:${bucket}/data`),
      sealed: crypt(`proxied:${bucket}/data`),
    }),
  );
  const env = { RCLONE_CONFIG: config };
  const rclone = (...args: string[]): Promise<string> => mustRun('rclone', args, { env });
  await rclone('mkdir', `direct:${bucket}`);
  const files = async (place: string): Promise<string[]> => {
    const { stdout } = await run('rclone', ['lsf', '-R', '--files-only', place], { env });
    return stdout.split('\n').filter((line) => line !== '');
  };
  return {
    proxy,
    source,
    digest: await digestOf(join(source, 'file')),
    target,
    command: [process.execPath, programPath],
    env,
    coffer: (...args) => run(process.execPath, [programPath, ...args], { env }),
    async seed() {
      await rclone('copy', source, 'direct-sealed:');
    },
    async stored() {
      const [object] = await files(`direct:${bucket}`);
      if (object === undefined) return null;
      const back = await mkdtemp(join(folder, 'back-'));
      await rclone('copy', 'direct-sealed:', back);
      return digestOf(join(back, 'file'));
    },
    async leftovers() {
      if (section.type === 'swift') return files(`direct:${bucket}_segments`);
      const uploads = JSON.parse(await rclone('backend', 'list-multipart-uploads', `direct:${bucket}`));
      return Object.values(uploads).flatMap((list) => (list as { Key: string }[]).map(({ Key }) => Key));
    },
    async downloaded() {
      const entries = await readdir(target, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      const digests = files.map(async ({ name, parentPath }) => [name, await digestOf(join(parentPath, name))]);
      return Object.fromEntries(await Promise.all(digests));
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await run('rclone', ['purge', `direct:${bucket}`], { env });
      await run('rclone', ['purge', `direct:${bucket}_segments`], { env });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// toEqual takes minutes over megabytes
async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
