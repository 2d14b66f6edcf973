import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, systemFailure } from './system-failure.ts';

// Milliseconds. A lock is held for a few: one that stayed the same for so long, by the clock of who waits, belongs to a
// process that died on another machine or stands still (docs/decisions/0042-a-lock-file.md).
const longestHold = 10_000;

/** Waits until no other process holds the lock file at `path`, makes it, and returns what removes it. The lock of a
 *  process that died is taken over. Throws Failure where the file cannot be made. */
export async function takeLock(path: string): Promise<Disposable> {
  const token = `${thisMachine()} ${process.pid} ${randomBytes(8).toString('hex')}`;
  let seen = { holder: '', since: 0 };
  while (!create(path, token)) {
    const holder = holderOf(path);
    if (holder === null) continue;
    if (holder !== seen.holder || seen.since === 0) seen = { holder, since: performance.now() };
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

function create(path: string, token: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw systemFailure(error, 'cannot lock the config file', path);
  }
  try {
    writeSync(descriptor, token);
    return true;
  } catch (error) {
    rmSync(path);
    throw systemFailure(error, 'cannot lock the config file', path);
  } finally {
    closeSync(descriptor);
  }
}

/** What the lock's maker wrote, '' in the moment before it has; null where there is no lock any more. */
function holderOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
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
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Two containers may have one host name; their process ids mean nothing to each other. */
function thisMachine(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
