import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../core/failure.ts';
import { processStart, thisMachine } from '../core/machine.ts';
import type { Report } from '../core/report.ts';
import { makeDirs } from '../remotes/local/make-dir.ts';
import { native, system } from '../remotes/local/system.ts';
import { namesIn, onDisk } from './on-disk.ts';

/** Makes a hidden folder in `folder`, which is made where it is missing, lets `work` fill it and move things out of it,
 *  and removes it, whatever comes: a failure leaves nothing behind. What a kill leaves, the next call here removes. */
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
    const result = await work(hidden);
    await removeTree(hidden);
    return result;
  } catch (error) {
    await removeTree(hidden);
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
      await removeTree(path);
      report.notice(path, 'removed: it was left by a get that was killed');
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

function removeTree(path: string): Promise<void> {
  return onDisk(path, () => rm(native(path), { recursive: true, force: true }));
}
