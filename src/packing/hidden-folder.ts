import { createHash, randomBytes } from 'node:crypto';
import { type BigIntStats, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isFailure, messageOf } from '../core/failure.ts';
import { processStart, thisMachine } from '../core/machine.ts';
import type { Report } from '../core/report.ts';
import { makeDirs } from '../remotes/local/make-dir.ts';
import { closing, native, system } from '../remotes/local/system.ts';
import { folderFlags, namesIn, onDisk } from './on-disk.ts';

/** Makes a hidden folder in `folder`, which is made where it is missing, lets `work` fill it and move things out of it,
 *  and removes it, whatever comes: a failure leaves nothing behind. What a kill leaves, the next call here removes. The path
 *  that `work` is given leads there even if somebody puts a link in the folder's place. */
export async function inHiddenFolder<T>(
  folder: string,
  name: string,
  report: Report,
  work: (hidden: string) => Promise<T>,
): Promise<T> {
  const hidden = join(
    folder,
    `.${name.slice(0, 60)}.${ownerOf(process.pid)}.${randomBytes(4).toString('hex')}.partial`,
  );
  const firstMade = await onDisk(folder, () => makeDirs(folder));
  try {
    if (!firstMade) await removeAbandoned(folder, report);
    await onDisk(folder, () => system.makeDir(hidden, 0o700));
    return await holding(hidden, async (held) => {
      try {
        return await work(held);
      } finally {
        await remove(hidden, held);
      }
    });
  } catch (error) {
    if (firstMade) await removeEmpty(folder, firstMade);
    throw error;
  }
}

const hiddenName = /^\..*\.([0-9a-f]{8}-(\d+)-\w+)\.[0-9a-f]{8}\.partial$/s;

/** Says one process for ever. */
function ownerOf(pid: number): string {
  return `${machineOf()}-${pid}-${processStart(pid)}`;
}

function machineOf(): string {
  return createHash('sha256').update(thisMachine()).digest('hex').slice(0, 8);
}

/** Removes what killed processes of this user and machine have left, which is decrypted data. Of other machines' processes
 *  nothing is known; in what another user owns, links could be put in our way. */
async function removeAbandoned(folder: string, report: Report): Promise<void> {
  // A folder need not be readable to be written to.
  const names = await namesIn(folder).catch(() => []);
  for (const path of names.filter(isAbandoned).map((name) => join(folder, name))) {
    try {
      const found = await system.lookFor(path);
      if (!found?.isDirectory() || Number(found.uid) !== process.geteuid?.()) continue;
      await holding(path, async (held, { dev, ino }) => {
        if (dev !== found.dev || ino !== found.ino) return;
        await remove(path, held);
        report.notice(path, 'removed: it was left by a get that was killed');
      });
    } catch (error) {
      report.notice(path, `was left by a get that was killed, and cannot be removed: ${messageOf(error)}`);
    }
  }
}

function isAbandoned(name: string): boolean {
  const [, owner, pid] = hiddenName.exec(name) ?? [];
  return owner?.startsWith(`${machineOf()}-`) === true && owner !== ownerOf(Number(pid));
}

/** Removes the folders from `folder` up to `first`, as far as they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  try {
    for (let dir = folder; dir.length >= first.length; dir = dirname(dir)) await system.removeDir(dir);
  } catch {
    // Something else has come to lie there: it stays.
  }
}

/** Does `work` with a path to the folder that stands by no name, where the system has such paths. */
async function holding<T>(path: string, work: (held: string, stats: BigIntStats) => Promise<T>): Promise<T> {
  return closing(await onDisk(path, () => system.open(path, folderFlags)), async (fd) => {
    const held = `/proc/self/fd/${fd}`;
    return work(existsSync(held) ? held : path, await system.fstat(fd));
  });
}

/** Removes what is in the folder, and then itself, unless something else has its name by now. */
async function remove(path: string, held: string): Promise<void> {
  for (const name of await namesIn(held))
    await onDisk(path, () => rm(native(join(held, name)), { recursive: true, force: true }));
  try {
    await onDisk(path, () => system.removeDir(path));
  } catch (error) {
    if (!isFailure(error, 'not-found', 'not-empty')) throw error;
  }
}
