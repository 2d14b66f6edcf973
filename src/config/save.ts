import { randomBytes } from 'node:crypto';
import {
  fchmodSync,
  fchownSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, Failure } from '../core/failure.ts';
import { takeLock } from './lock.ts';
import { makeFolders } from './make-folders.ts';
import { readIfThere } from './read-file.ts';
import { syncFolder, writeSynced } from './synced.ts';
import { systemFailure } from './system-failure.ts';

const temporaryEnd = /^\.coffer-[0-9a-f]{12}$/;

/** Under the lock, gives `make` what the file at `path` holds (null where there is none) and puts `next` in the file's
 *  place, whole or not at all; null leaves the file. A symbolic link stays one. The file is readable by its owner
 *  only. Throws Failure: 'full', 'denied', or 'changed' where a program that knows no lock wrote meanwhile. */
export async function rewriteFile<T>(
  path: string,
  make: (old: Uint8Array | null) => Promise<{ readonly next: Uint8Array | null; readonly result: T }>,
): Promise<T> {
  const file = followLinks(path);
  makeFolder(file);
  using _ = await takeLock(`${file}.lock`);
  const old = readIfThere(file);
  const { next, result } = await make(old);
  if (next) {
    refuseChange(file, old);
    replaceFile(file, next);
  }
  return result;
}

function refuseChange(file: string, old: Uint8Array | null): void {
  const now = readIfThere(file);
  if (old && now ? Buffer.compare(old, now) === 0 : old === now) return;
  throw new Failure('changed', `config file ${file} was changed by another program meanwhile: run the command again`, {
    path: file,
  });
}

/** Where symbolic links lead, even if nothing is there yet. */
function followLinks(path: string): string {
  let target = path;
  for (let links = 0; links < 40; links++) {
    try {
      // A link's `..` leads up from the folder that really holds it, which may have been reached by a link, too.
      target = resolve(realpathSync(dirname(target)), readlinkSync(target));
    } catch {
      break;
    }
  }
  return target;
}

function makeFolder(file: string): void {
  try {
    makeFolders(dirname(file));
  } catch (error) {
    throw systemFailure(error, `cannot make the folder of config file ${file}`, file);
  }
}

function replaceFile(file: string, data: Uint8Array): void {
  const temporary = `${file}.coffer-${randomBytes(6).toString('hex')}`;
  try {
    removeLeftovers(file);
    const old = statOrNull(file);
    writeSynced(temporary, data, 0o600, (descriptor) => old && keepOwnerAndMode(descriptor, old));
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw systemFailure(error, `cannot write config file ${file}, which stays as it was`, file);
  }
}

// Also of a writer that stood still until its lock was taken over: it can no longer put its old file in place.
function removeLeftovers(file: string): void {
  const start = basename(file);
  for (const name of readdirSync(dirname(file))) {
    const isLeftover = name.startsWith(start) && temporaryEnd.test(name.slice(start.length));
    if (isLeftover) rmSync(join(dirname(file), name), { force: true });
  }
}

// The owner, for root, who writes the config of a user.
function keepOwnerAndMode(descriptor: number, { uid, gid, mode }: Stats): void {
  if (uid !== process.geteuid?.()) {
    try {
      fchownSync(descriptor, uid, gid);
    } catch (error) {
      if (codeOf(error) !== 'EPERM') throw error;
    }
  }
  fchmodSync(descriptor, mode & 0o600);
}

function statOrNull(file: string): Stats | null {
  return statSync(file, { throwIfNoEntry: false }) ?? null;
}
