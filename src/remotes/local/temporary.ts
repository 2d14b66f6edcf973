import { randomInt } from 'node:crypto';
import { type Awaitable, whenEnded, whenFailed, whenThere } from '../../core/awaitable.ts';
import { unfinishedEnding } from '../../core/unfinished-name.ts';
import { isSystemError } from './disk-failure.ts';
import { makeDirs } from './make-dir.ts';
import { system } from './system.ts';

const longestName = 255; // bytes, on nearly every file system

const unfinished = new Set<string>();

// Counted from a random start: randomness for every file would cost a tenth of what a small one does.
let lastTag: number | null = null;

/** Whether this process is writing `disk` under its temporary name: listings leave it out, as it is about to go. */
export function isUnfinished(disk: string): boolean {
  return unfinished.size > 0 && unfinished.has(disk);
}

/** Makes what will stand at `disk` under a temporary name beside it, gives that to `fill`, and renames it when that is
 *  done: until then the old file stands, and a failure leaves no trace. Makes the folder where it is missing. After a
 *  kill nothing is left but a name that ends in `.partial`, as newer rclones leave it. */
export function replaceFile<T>(
  disk: string,
  make: (temporary: string) => Awaitable<T>,
  fill: (made: T, temporary: string) => Awaitable<void>,
): Awaitable<void> {
  return whenThere(makeBeside(disk, make), ({ made, temporary }) => {
    const place = (): Awaitable<void> => whenThere(fill(made, temporary), () => system.rename(temporary, disk));
    const undo = (error: unknown): Awaitable<never> =>
      whenThere(removeQuietly(temporary), () => {
        throw error;
      });
    return whenEnded(
      () => whenFailed(place, undo),
      () => void unfinished.delete(temporary),
    );
  });
}

interface Made<T> {
  readonly made: T;
  readonly temporary: string;
}

function makeBeside<T>(disk: string, make: (temporary: string) => Awaitable<T>): Awaitable<Made<T>> {
  const slash = disk.lastIndexOf('/');
  const folder = disk.slice(0, slash);
  lastTag = lastTag === null ? randomInt(2 ** 32) : (lastTag + 1) % 2 ** 32;
  const ending = unfinishedEnding(lastTag);

  function makeAt(temporary: string, tries: number): Awaitable<Made<T>> {
    unfinished.add(temporary);
    return whenFailed(
      () => whenThere(make(temporary), (made) => ({ made, temporary })),
      (error) => {
        unfinished.delete(temporary);
        if (tries > 2) throw error;
        if (isSystemError(error, 'ENOENT')) return makeDirs(folder).then(() => makeAt(temporary, tries + 1));
        if (isSystemError(error, 'ENAMETOOLONG')) return makeAt(`${folder}/${ending}`, tries + 1);
        throw error;
      },
    );
  }
  return makeAt(`${folder}/${shortened(disk.slice(slash + 1), longestName - ending.length)}${ending}`, 1);
}

/** Cuts a name so that its UTF-8 fits, counting each character as the most bytes it may have. */
function shortened(name: string, bytes: number): string {
  return name.length * 3 <= bytes
    ? name
    : [...name.slice(0, Math.floor(bytes / 3))].join('').replace(/[\ud800-\udbff]$/, '');
}

async function removeQuietly(temporary: string): Promise<void> {
  try {
    await system.unlink(temporary);
  } catch {
    // It went already, or the disk is failing: what failed first is what the user must know.
  }
}
