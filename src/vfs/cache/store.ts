import type { FileEntry } from '../../core/entry.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { ContentStore } from '../content.ts';
import { createLock } from '../lock.ts';
import { isSameVersion } from '../version.ts';
import { createCatalogue } from './catalogue.ts';
import { createCachedContent } from './content.ts';
import type { CacheContext, CachedContent } from './context.ts';
import { createDelayQueue } from './delay-queue.ts';
import { openCacheFolder } from './folder.ts';
import { createIdleWriteBack } from './idle-write-back.ts';
import { cacheKeyOf } from './keys.ts';
import { keepLimits } from './limits.ts';
import { createMemory } from './memory.ts';
import { noteMove } from './note-move.ts';
import type { CacheOptions } from './options.ts';
import type { FileRecord } from './record.ts';
import { recover } from './recover.ts';
import { createWriteBack } from './write-back.ts';

/** Keeps what is written, and in mode `full` what is read, in files before the remote, sealed unless `options.isPlain`:
 *  `--vfs-cache-mode writes` and `full`. What an earlier run left is uploaded, unless `options.isReadOnly`. Throws
 *  Failure('exists') where another mount has the cache. */
export async function createCachedStore(remote: Remote, options: CacheOptions, report: Report): Promise<ContentStore> {
  const form = { key: cacheKeyOf(remote), isPlain: options.isPlain };
  const folder = await openCacheFolder(options.cacheFolder, options.identity, form);
  const catalogue = createCatalogue(folder);
  const recovered = await recover(folder, catalogue, remote, options, report).catch(async (error: unknown) => {
    await folder[Symbol.asyncDispose]();
    throw error;
  });
  const contents = new Set<CachedContent>();
  const byPath = new Map<string, CachedContent>();
  const writeBack = options.isReadOnly ? createIdleWriteBack() : createWriteBack(options.writeBack, report);
  const inUse = (): number => [...contents].reduce((sum, { diskSize }) => sum + diskSize, 0);
  const limits = keepLimits(folder.path, catalogue, inUse, options.limits, report);

  function forgetPath(content: CachedContent, path: string): void {
    if (byPath.get(path) === content) byPath.delete(path);
  }

  function take(content: CachedContent): CachedContent {
    contents.add(content);
    byPath.set(content.path, content);
    return content;
  }

  const context: CacheContext = {
    remote,
    folder,
    catalogue,
    memory: createMemory(options.memory),
    writeBack,
    options,
    report,
    settling: createLock(),
    settlingLater: createDelayQueue(options.settleDelay, (settle) => settle()),
    now: nowInNanoseconds,
    makeRoom: limits.makeRoom,
    moved(content, oldPath) {
      forgetPath(content, oldPath);
      const replaced = byPath.get(content.path) ?? null;
      byPath.set(content.path, content);
      return replaced;
    },
    ended(content) {
      contents.delete(content);
      forgetPath(content, content.path);
      content.onIdle?.();
    },
  };

  function openContent(entry: FileEntry): CachedContent {
    const kept = catalogue.take(entry);
    const { path, size } = entry;
    const empty = { size, remoteSize: size, runs: [] };
    return createCachedContent(context, {
      id: kept?.id ?? folder.newId(),
      path,
      entry,
      size,
      modified: entry.modified ?? context.now(),
      attributes: entry.attributes ?? null,
      isDirty: false,
      isRecorded: kept !== null,
      mayHaveArrived: false,
      diskSize: kept?.size ?? 0,
      load: async () => (kept && (await folder.readRecord(kept.id, 'clean'))) ?? empty,
    });
  }

  function recoverContent(id: string, record: FileRecord): CachedContent {
    const { path, entry, size, modified, attributes } = record;
    const load = () => record;
    // None is begun before all of the file is here, and the record tells so.
    const mayHaveArrived = record.remoteSize === 0;
    const state = { isDirty: true, isRecorded: true, mayHaveArrived, diskSize: 0 };
    return createCachedContent(context, { id, path, entry, size, modified, attributes, ...state, load });
  }

  for (const [id, record] of recovered) writeBack.schedule(take(recoverContent(id, record)));
  const left = [...contents];
  return {
    open(entry) {
      const known = byPath.get(entry.path);
      const isSame = known?.entry && !known.isDirty && isSameVersion(known.entry, entry);
      return isSame ? known : take(openContent(entry));
    },
    create: (path) =>
      take(
        createCachedContent(context, {
          id: folder.newId(),
          path,
          entry: null,
          size: 0,
          modified: context.now(),
          attributes: null,
          isDirty: true,
          isRecorded: false,
          mayHaveArrived: false,
          diskSize: 0,
          load: () => ({ size: 0, remoteSize: 0, runs: [] }),
        }),
      ),
    noteMove: (move) => noteMove(folder, move, report),
    recovered: () => left,
    pending: writeBack.pending,
    drain: writeBack.drain,
    async [Symbol.asyncDispose]() {
      limits.stop();
      await writeBack.stop();
      try {
        await forEachParallel([...contents], 4, undefined, (content) => content.end());
      } finally {
        await folder[Symbol.asyncDispose]();
      }
    },
  };
}
