import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Entry } from '../../../src/core/entry.ts';
import { isFailure } from '../../../src/core/failure.ts';
import { baseName, joinPath, parentPath } from '../../../src/core/path.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
import { createVfs } from '../../../src/vfs/create-vfs.ts';
import { createDirectStore } from '../../../src/vfs/direct/store.ts';
import { defaultVfsOptions, type VfsOptions } from '../../../src/vfs/options.ts';
import type { Handle, Node, OpenMode, Vfs } from '../../../src/vfs/vfs.ts';
import { makeScratch } from '../../scratch.ts';
import { usualReading } from '../../vfs/usual-reading.ts';

export const toRead: OpenMode = { read: true, write: false, truncate: false };
export const toWrite: OpenMode = { read: true, write: true, truncate: false };

/** A Vfs on the bench, and short words for what the suites do with it. Paths run from its root. */
export interface Bench {
  readonly vfs: Vfs;
  /** The remote itself, at the Vfs's root. */
  readonly remote: Remote;
  readonly rootPath: string;
  node(path: string): Promise<Node>;
  make(path: string, data?: Uint8Array | string): Promise<void>;
  makeFolder(path: string): Promise<Node>;
  open(path: string, how?: OpenMode): Promise<Handle>;
  create(path: string): Promise<Handle>;
  text(path: string): Promise<string>;
  bytes(path: string): Promise<Uint8Array>;
  /** Sorted; folders end in `/`. */
  names(path: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  rename(from: string, to: string, how?: { replace?: boolean; exchange?: boolean }): Promise<void>;
  /** Past the Vfs, on the remote itself. */
  readonly behind: {
    put(path: string, data: Uint8Array | string, modified?: bigint): Promise<void>;
    text(path: string): Promise<string>;
    remove(path: string): Promise<void>;
    /** Every file with its text. */
    tree(path?: string): Promise<Record<string, string>>;
  };
}

export interface BenchOptions {
  readonly vfs?: Partial<VfsOptions>;
  readonly report?: Report;
  store?(remote: Remote): ContentStore;
}

/** A Vfs over the folder at `location`. */
export function createBench(location: Location, options: BenchOptions = {}): Bench {
  const { remote, path: rootPath } = location;
  const report = options.report ?? silentReport;
  const store = options.store?.(remote) ?? directStore(remote, report);
  const vfs = createVfs(location, store, { ...defaultVfsOptions, pollInterval: 0, ...options.vfs }, report);

  async function node(path: string): Promise<Node> {
    let at: Node = vfs.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const next = await vfs.lookup(at, name);
      if (!next) throw new Error(`nothing stands at ${path}`);
      at = next;
    }
    return at;
  }
  const folderOf = (path: string) => node(parentPath(path));
  const create = async (path: string) => vfs.makeFile(await folderOf(path), baseName(path), toWrite);
  const open = async (path: string, how = toRead) => vfs.open(await node(path), how);

  async function bytes(path: string): Promise<Uint8Array> {
    const handle = await open(path);
    try {
      const { size } = await vfs.attributes(handle.node);
      return await handle.read(0, size + 1);
    } finally {
      await handle.close();
    }
  }

  const at = (path: string) => joinPath(rootPath, path);
  return {
    vfs,
    remote,
    rootPath,
    node,
    async make(path, data = path) {
      const handle = await create(path);
      await handle.write(0, bytesOf(data));
      await handle.flush();
      await handle.close();
    },
    makeFolder: async (path) => vfs.makeFolder(await folderOf(path), baseName(path)),
    open,
    create,
    bytes,
    text: async (path) => Buffer.from(await bytes(path)).toString(),
    async names(path) {
      const items = await vfs.list(await node(path));
      return items.map(({ name, node: item }) => name + (item.kind === 'folder' ? '/' : '')).sort();
    },
    remove: async (path) => vfs.remove(await folderOf(path), baseName(path)),
    removeFolder: async (path) => vfs.removeFolder(await folderOf(path), baseName(path)),
    async rename(from, to, { replace = true, exchange = false } = {}) {
      await vfs.rename(await folderOf(from), baseName(from), await folderOf(to), baseName(to), { replace, exchange });
    },
    behind: {
      async put(path, data, modified) {
        await remote.write(at(path), sourceOf(bytesOf(data)), modified === undefined ? {} : { modified });
      },
      text: async (path) => Buffer.from(await collect(remote.read(at(path)))).toString(),
      remove: (path) => remote.remove(at(path)),
      tree: (path = '') => filesBelow(remote, at(path), rootPath),
    },
  };
}

/** Content straight from the remote, with quick retries. */
function directStore(remote: Remote, report: Report = silentReport): ContentStore {
  const spoolFolder = mkdtempSync(join(scratch, 'spool-'));
  return createDirectStore(
    remote,
    { spoolFolder, reading: usualReading, retries: { firstRetry: 5, lastRetry: 40 } },
    report,
  );
}

const scratch = makeScratch();

export function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}

async function filesBelow(remote: Remote, dir: string, root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries: Entry[] = [];
  try {
    for await (const page of remote.list(dir)) entries.push(...page);
  } catch (error) {
    if (!isFailure(error, 'folder-not-found')) throw error;
  }
  for (const { kind, path } of entries) {
    if (kind === 'folder') Object.assign(files, await filesBelow(remote, path, root));
    else
      files[root === '' ? path : path.slice(root.length + 1)] = Buffer.from(await collect(remote.read(path))).toString(
        'latin1',
      );
  }
  return files;
}
