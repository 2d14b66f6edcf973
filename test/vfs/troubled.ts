import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '../../src/core/entry.ts';
import { Failure } from '../../src/core/failure.ts';
import { parentPath } from '../../src/core/path.ts';
import type { Call, Remote } from '../../src/core/remote.ts';

export interface Troubles {
  /** Each call takes up to this many milliseconds. */
  readonly delay?: number;
  /** What the store cannot do on its own side. */
  readonly without?: readonly ('move' | 'moveDir' | 'copy' | 'open')[];
  /** Milliseconds for which a folder is listed as it was. */
  readonly listingLag?: number;
  /** Called before each change and each read; what it throws is the outcome. */
  fail?(method: 'write' | 'remove' | 'move' | 'read' | 'list' | 'stat' | 'makeDir', path: string): void;
  /** Called when a file has been written or copied; what it throws is told instead. */
  lose?(path: string): void;
}

export const networkFailure = (path: string): Failure =>
  new Failure('transient', `${path}: the network is away`, { path });

/** A remote over another one with the manners of a far one. */
export function troubled(base: Remote, { delay = 0, without = [], listingLag = 0, fail, lose }: Troubles): Remote {
  const listings = new Map<string, { at: number; entries: Entry[] }>();
  const pause = async (): Promise<void> => {
    if (delay > 0) await sleep(Math.random() * delay);
  };

  async function entriesOf(dir: string): Promise<Entry[]> {
    const known = listings.get(dir);
    if (known && performance.now() - known.at < listingLag) return known.entries;
    const entries: Entry[] = [];
    for await (const page of base.list(dir)) entries.push(...page);
    return entries;
  }

  /** Keeps the listing of the folder around `path` as it is before a change. */
  async function remember(path: string): Promise<void> {
    if (listingLag === 0) return;
    const dir = parentPath(path);
    const entries = await entriesOf(dir).catch((): Entry[] => []);
    if (!listings.has(dir)) listings.set(dir, { at: performance.now(), entries });
  }

  const { move, copy, moveDir, open } = base;
  const changing = async <T>(
    method: 'write' | 'remove' | 'move' | 'makeDir',
    path: string,
    action: () => Promise<T>,
  ) => {
    await pause();
    fail?.(method, path);
    await remember(path);
    const result = await action();
    await pause();
    return result;
  };
  return {
    label: base.label,
    features: base.features,
    async *list(dir) {
      await pause();
      fail?.('list', dir);
      yield await entriesOf(dir);
    },
    async stat(path) {
      await pause();
      fail?.('stat', path);
      return base.stat(path);
    },
    async *read(path, range, call) {
      await pause();
      fail?.('read', path);
      yield* base.read(path, range, call);
    },
    async write(path, source, info, call) {
      const written = await changing('write', path, () => base.write(path, source, info, call));
      lose?.(path);
      return written;
    },
    remove: (path) => changing('remove', path, () => base.remove(path)),
    makeDir: (path) => changing('makeDir', path, () => base.makeDir(path)),
    removeDir: (path) => base.removeDir(path),
    ...(base.setModified && { setModified: base.setModified.bind(base) }),
    ...(move &&
      !without.includes('move') && {
        move: (from: string, to: string) =>
          changing('move', from, async () => {
            await remember(to);
            return move.call(base, from, to);
          }),
      }),
    ...(copy &&
      !without.includes('copy') && {
        async copy(from: string, to: string, call?: Call) {
          call?.onSending?.(true);
          const copied = await changing('move', to, () => copy.call(base, from, to, call));
          lose?.(to);
          return copied;
        },
      }),
    ...(moveDir &&
      !without.includes('moveDir') && {
        moveDir: (from: string, to: string) => changing('move', from, () => moveDir.call(base, from, to)),
      }),
    ...(open && !without.includes('open') && { open: open.bind(base) }),
    async [Symbol.asyncDispose]() {},
  };
}
