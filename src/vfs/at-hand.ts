import type { FileEntry } from '../core/entry.ts';
import type { AtHand, Remote } from '../core/remote.ts';
import { createIdleSet } from './idle-set.ts';
import { isSameVersion } from './version.ts';

/** One version of a file, for reads here and there, where its store may have it at hand. */
export interface VersionAtHand {
  /** Null where `AtHand.fill` is false, and where the store has another version. The bytes are there until the next call for
   *  any file. */
  read(start: number, end: number): Uint8Array | null;
  close(): void;
}

// How long a file stays open that nobody reads in, in milliseconds.
const idleTime = 30_000;
const openVersions = createIdleSet<VersionAtHand>(64);
// What the kernel asks for at once, as a rule.
const room = new Uint8Array(1 << 17);

export function createVersionAtHand(remote: Remote, entry: FileEntry): VersionAtHand {
  let opened: AtHand | null = null;
  let idle: NodeJS.Timeout | undefined;
  const version = { read, close };

  function read(start: number, end: number): Uint8Array | null {
    if (end - start > room.length) return null;
    opened ??= open();
    if (!opened) return null;
    openVersions.add(version, close);
    idle = idle?.refresh() ?? setTimeout(close, idleTime).unref();
    const out = room.subarray(0, end - start);
    if (opened.fill(out, start)) return out;
    close();
    return null;
  }

  function open(): AtHand | null {
    const found = remote.atHand?.(entry.path) ?? null;
    if (!found || isSameVersion(entry, found.entry)) return found;
    found.close();
    return null;
  }

  function close(): void {
    openVersions.delete(version);
    clearTimeout(idle);
    idle = undefined;
    opened?.close();
    opened = null;
  }

  return version;
}
