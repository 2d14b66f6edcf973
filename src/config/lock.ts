import { randomBytes } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../core/failure.ts';
import { isRunning, thisMachine } from '../core/machine.ts';
import { systemFailure } from './system-failure.ts';

/** Waits until no other process holds the lock file at `path`, makes it, and returns what removes it. The lock of a process
 *  that died is taken over. So is one that stays the same for `longestHold` milliseconds, by the clock of this process:
 *  locks are held for a few milliseconds, so its holder died on another machine or stands still
 *  (docs/decisions/0042-a-lock-file.md). Throws Failure where the file cannot be made. */
export async function takeLock(path: string, longestHold = 10_000): Promise<Disposable> {
  const token = `${thisMachine()} ${process.pid} ${randomBytes(8).toString('hex')}`;
  let seen: { readonly holder: string | null; readonly since: number } = { holder: null, since: 0 };
  while (!create(path, token)) {
    const holder = holderOf(path);
    if (holder === null) continue;
    if (holder !== seen.holder) seen = { holder, since: performance.now() };
    if (isGone(holder) || performance.now() - seen.since > longestHold) await takeOver(path, holder);
    else await sleep(1 + Math.random() * 10);
  }
  return { [Symbol.dispose]: () => removeIfHeldBy(token, path) };
}

// Of all who saw the holder die, one at a time gets here, so that nobody removes the lock of a successor. Should it
// die in turn, its own lock is taken over likewise.
async function takeOver(path: string, holder: string): Promise<void> {
  using _ = await takeLock(`${path}.takeover`);
  removeIfHeldBy(holder, path);
}

// A symbolic link that leads nowhere: it is there at once with its whole text, where a file would be empty for a moment.
function create(path: string, token: string): boolean {
  try {
    symlinkSync(token, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    return createFile(path, token);
  }
}

// For file systems without such links: FAT, some network mounts. An empty one, left on a full disk, would be a lock that
// nobody holds.
function createFile(path: string, token: string): boolean {
  let isMade = false;
  try {
    const descriptor = openSync(path, 'wx', 0o600);
    isMade = true;
    try {
      writeFileSync(descriptor, token);
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (error) {
    if (isMade) rmSync(path, { force: true });
    else if (codeOf(error) === 'EEXIST') return false;
    throw systemFailure(error, 'cannot lock the config file', path);
  }
}

/** The token of the lock's maker; null where there is no lock any more. */
function holderOf(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw systemFailure(error, 'cannot read the lock of the config file', path);
  }
}

function removeIfHeldBy(holder: string, path: string): void {
  if (holderOf(path) === holder) rmSync(path, { force: true });
}

/** True for a process of this machine that has ended; of another machine's nothing is known. */
function isGone(holder: string): boolean {
  const [machine, pid] = holder.split(' ');
  if (machine !== thisMachine() || !pid) return false;
  return !isRunning(Number(pid));
}
