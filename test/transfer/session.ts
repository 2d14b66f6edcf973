import { collect, sourceOf } from '../../src/core/bytes.ts';
import type { Nanoseconds } from '../../src/core/entry.ts';
import type { Location, Remote } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import type { Cutoff } from '../../src/transfer/cutoff.ts';
import { everything } from '../../src/transfer/filter/everything.ts';
import type { Filter } from '../../src/transfer/filter/filter.ts';
import { createLimit } from '../../src/transfer/pool.ts';
import { createProgress } from '../../src/transfer/progress.ts';
import type { Session, TransferOptions } from '../../src/transfer/session.ts';

/** The defaults of the command line, but one try only. */
export const defaults: TransferOptions = {
  transfers: 4,
  checkers: 8,
  lowLevelRetries: 1,
  dryRun: false,
  sizeOnly: false,
  checksum: false,
  ignoreChecksum: false,
  ignoreExisting: false,
  ignoreTimes: false,
  ignoreSize: false,
  ignoreErrors: false,
  update: false,
  immutable: false,
  maxBacklog: 10_000,
  noUpdateModified: false,
  refreshTimes: false,
  modifyWindow: 1n,
  metadata: null,
  createEmptyFolders: false,
  deleteEmptySourceFolders: false,
  maxDelete: -1,
  maxDepth: -1,
  maxDuration: 0,
  trackRenames: null,
  deleteMode: 'after',
  noTraverse: false,
  noCheckDest: false,
  checkFirst: false,
  orderBy: '',
  suffix: '',
  suffixKeepExtension: false,
  fastList: false,
  streamingCutoff: 102_400,
  normalizeNames: true,
  ignoreCase: false,
};

/** A session whose log is kept in `lines`: `ERROR a.txt: message`. */
export function testSession(
  options: Partial<TransferOptions> = {},
  surroundings: { readonly filter?: Filter; readonly signal?: AbortSignal; readonly cutoff?: Cutoff } = {},
): Session & { readonly lines: string[] } {
  const lines: string[] = [];
  const record = (level: string) => (subject: string, message: string) => {
    lines.push(`${level} ${subject}: ${message}`);
  };
  return {
    options: { ...defaults, ...options },
    filter: surroundings.filter ?? everything,
    report: { error: record('ERROR'), notice: record('NOTICE'), info: record('INFO'), debug: record('DEBUG') },
    progress: createProgress(() => performance.now()),
    signal: surroundings.signal ?? new AbortController().signal,
    ahead: null,
    cutoff: surroundings.cutoff ?? null,
    looks: createLimit(options.checkers ?? defaults.checkers),
    confirm: async () => true,
    lines,
  };
}

export type Files = Readonly<Record<string, string>>;

/** A bucket in a memory remote of its own that holds `files`, all of one time. */
export async function bucketOf(files: Files, time: Nanoseconds = 1_000_000_000n): Promise<Location> {
  const at: Location = { remote: createMemoryRemote(), path: 'bucket' };
  await at.remote.makeDir(at.path);
  await put(at, files, time);
  return at;
}

export async function put(at: Location, files: Files, time: Nanoseconds = 1_000_000_000n): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await at.remote.write(`${at.path}/${path}`, sourceOf(Buffer.from(content)), { modified: time });
  }
}

/** What is in a bucket: path → content. */
export async function filesIn({ remote, path }: Location): Promise<Files> {
  const files: Record<string, string> = {};
  if (!remote.walk) throw new Error('a memory remote walks');
  for await (const page of remote.walk(path)) {
    for (const entry of page) {
      if (entry.kind !== 'file') continue;
      files[entry.path.slice(path.length + 1)] = Buffer.from(await collect(remote.read(entry.path))).toString();
    }
  }
  return files;
}

/** A remote like `base` in all but what `changes` replaces. */
export function changed(at: Location, changes: (base: Remote) => Partial<Remote>): Location {
  return { remote: { ...at.remote, ...changes(at.remote) }, path: at.path };
}
