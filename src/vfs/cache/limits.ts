import { statfs } from 'node:fs/promises';
import { messageOf } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import { timerDelay } from '../../core/timer.ts';
import type { Catalogue, Kept } from './catalogue.ts';

/** What a cache may keep. Files that are open or not uploaded count, and stay. */
export interface Limits {
  /** Bytes in all (`--vfs-cache-max-size`); -1 for no limit. */
  readonly size: number;
  /** Milliseconds since its last use that a file stays (`--vfs-cache-max-age`). */
  readonly age: number;
  /** Milliseconds between two looks (`--vfs-cache-poll-interval`); 0 for none. */
  readonly pollInterval: number;
  /** Bytes that stay free on the cache's disk (`--vfs-cache-min-free-space`); -1 for no limit. */
  readonly minFree: number;
}

export interface LimitKeeper {
  /** Removes what is over the limits now. */
  keep(): Promise<void>;
  /** Removes the file used longest ago; false where there is none. */
  makeRoom(): Promise<boolean>;
  stop(): void;
}

/** `inUse` tells the bytes on the disk of the files that have to stay. */
export function keepLimits(
  folder: string,
  catalogue: Catalogue,
  inUse: () => number,
  limits: Limits,
  report: Report,
): LimitKeeper {
  const oldestFirst = (): Kept[] => catalogue.all().sort((a, b) => a.usedAt - b.usedAt);

  async function tooMuch(): Promise<number> {
    const kept = catalogue.all().reduce((sum, { size }) => sum + size, 0);
    const overSize = limits.size < 0 ? 0 : kept + inUse() - limits.size;
    return Math.max(overSize, limits.minFree < 0 ? 0 : limits.minFree - (await freeBytes(folder)));
  }

  async function keep(): Promise<void> {
    const oldest = Date.now() - limits.age;
    let excess = await tooMuch();
    for (const kept of oldestFirst()) {
      if (kept.usedAt >= oldest && excess <= 0) return;
      // Opened since.
      if (!catalogue.has(kept)) continue;
      await catalogue.remove(kept);
      excess -= kept.size;
    }
  }

  async function makeRoom(): Promise<boolean> {
    const [oldest] = oldestFirst();
    if (oldest) await catalogue.remove(oldest);
    return oldest !== undefined;
  }

  const look = (): void => {
    keep().catch((error: unknown) =>
      report.error(folder, `cannot keep the cache within its limits: ${messageOf(error)}`),
    );
  };
  const timer = limits.pollInterval > 0 ? setInterval(look, timerDelay(limits.pollInterval)).unref() : undefined;
  return { keep, makeRoom, stop: () => clearInterval(timer) };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
