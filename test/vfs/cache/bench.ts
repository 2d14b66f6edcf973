import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { openCacheFolder } from '../../../src/vfs/cache/folder.ts';
import { cacheKeyOf } from '../../../src/vfs/cache/keys.ts';
import { type CacheOptions, defaultCacheOptions } from '../../../src/vfs/cache/options.ts';
import type { FileRecord } from '../../../src/vfs/cache/record.ts';
import { createCachedStore } from '../../../src/vfs/cache/store.ts';
import type { Content, ContentStore } from '../../../src/vfs/content.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { makeScratch } from '../../scratch.ts';

const scratch = makeScratch();

/** A folder for caches, gone when the tests have ended. */
export function cacheFolder(): string {
  return mkdtempSync(join(scratch, 'cache-'));
}

/** What each test of a file has. */
export interface CacheBench {
  /** A crypt remote in memory, of its own. */
  remote: Remote;
  /** For caches. */
  folder: string;
  /** Closed when the test has ended. */
  store: ContentStore | undefined;
}

export function eachWithCache(): CacheBench {
  const bench = { store: undefined } as CacheBench;
  beforeEach(async () => {
    bench.remote = await cryptInMemory();
    bench.folder = cacheFolder();
  });
  afterEach(async () => {
    await bench.store?.[Symbol.asyncDispose]();
    bench.store = undefined;
  });
  return bench;
}

/** Leaves a file in a cache that waits to be uploaded, as a run that has ended. */
export async function leaveDirty(
  { remote, folder }: Pick<CacheBench, 'remote' | 'folder'>,
  path: string,
  data: Uint8Array,
  options: Partial<CacheOptions> = {},
): Promise<void> {
  const before = await openStore(remote, folder, { writeBack: never, ...options });
  const content = createContent(before, path);
  await content.write(0, data);
  await closeContent(content);
  await before[Symbol.asyncDispose]();
}

const identity = 'secret:';

/** Quick: uploads at once where not told otherwise, retries after milliseconds. */
function cacheOptions(folder: string, options: Partial<CacheOptions> = {}): CacheOptions {
  const writeBack = { delay: 0, firstRetry: 5, lastRetry: 40 };
  return { ...defaultCacheOptions, cacheFolder: folder, identity, writeBack, ...options };
}

/** Uploads only when it is drained. */
export const never = { delay: 3_600_000, firstRetry: 5, lastRetry: 40 };

export function openStore(
  remote: Remote,
  folder: string,
  options: Partial<CacheOptions> = {},
  report: Report = silentReport,
): Promise<ContentStore> {
  return createCachedStore(remote, cacheOptions(folder, options), report);
}

export function cryptInMemory(): Promise<Remote> {
  return cryptOver({ remote: createMemoryRemote(), path: 'bucket' });
}

/** Writes a file past the cache. */
export async function putFile(
  remote: Remote,
  path: string,
  data: Uint8Array,
  modified = 1_000_000_000n,
): Promise<void> {
  await remote.write(path, sourceOf(data), { modified });
}

export async function readFile(remote: Remote, path: string): Promise<Uint8Array> {
  return collect(remote.read(path));
}

/** Opens the remote's file; to be released. */
export async function openContent(store: ContentStore, remote: Remote, path: string): Promise<Content> {
  const content = store.open(await remote.stat(path));
  content.retain();
  return content;
}

export function createContent(store: ContentStore, path: string): Content {
  const content = store.create(path);
  content.retain();
  return content;
}

/** As close(2) of the last who has it open. */
export async function closeContent(content: Content): Promise<void> {
  await content.flush();
  await content.release();
}

export const all = (content: Content): Promise<Uint8Array> => content.read(0, content.size + 1);

/** Every file below a cache folder, with its bytes. */
export function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());
  return new Map(
    names.map((item) => [join(item.parentPath, item.name), readFileSync(join(item.parentPath, item.name))]),
  );
}

/** Writes every record of what is left to upload anew, as `edit` has it. */
export async function editRecords(
  { remote, folder }: Pick<CacheBench, 'remote' | 'folder'>,
  edit: (record: FileRecord) => FileRecord,
): Promise<void> {
  await using opened = await openCacheFolder(folder, identity, { key: cacheKeyOf(remote), isPlain: false });
  for (const [id, state] of await opened.list()) {
    const record = state === 'dirty' && (await opened.readRecord(id, state));
    if (record) await opened.writeRecord(id, 'dirty', edit(record), { isDurable: false, isFirst: false });
  }
}
