import { constants } from 'node:fs';
import { access, opendir, realpath, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, Failure, messageOf } from '../../core/failure.ts';
import { shellWord } from '../../core/shell.ts';
import { mountAt } from './mount-table.ts';
import { isAnswering } from './system-program.ts';

/** Where a mount is to be, as an absolute path without symbolic links. Throws Failure('usage') that says what is in the way
 *  and what to do about it. */
export async function checkMountPoint(given: string, allowsNonEmpty: boolean): Promise<string> {
  const path = await examine(given);
  if (allowsNonEmpty) return path;
  await refuseMounted(given, path);
  if (await isEmpty(path)) return path;
  throw wrong(given, 'is not empty: use an empty folder, or --allow-non-empty to hide its contents');
}

async function examine(given: string): Promise<string> {
  try {
    const below = await resolveMountPoint(given);
    if (await mountAt(below)) await refuseSilent(below);
    const path = await realpath(given);
    if (!(await stat(path)).isDirectory()) throw wrong(given, 'is not a folder');
    // The kernel remembers attributes for a while after a mount's program has ended, but not this.
    await statfs(path);
    // fusermount3 asks for as much.
    await access(path, constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    // A mount is its owner's alone.
    if (codeOf(error) === 'EACCES') await refuseMounted(given, await resolveMountPoint(given));
    throw explain(given, error);
  }
}

async function refuseMounted(given: string, path: string): Promise<void> {
  const there = await mountAt(path);
  if (!there) return;
  throw wrong(given, `${there.source} is mounted there already: use another folder, or --allow-non-empty to hide it`);
}

function explain(given: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      if (/^[^/]+:/.test(given))
        return wrong(given, 'is not a folder to mount on: name the remote first, then the folder', error);
      return wrong(given, `there is no such folder to mount on: mkdir -p ${shellWord(given)}`, error);
    case 'ENOTCONN':
    case 'ECONNABORTED':
      return wrong(given, `the program behind the mount there has ended: ${clearing(given)} clears it`, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return wrong(given, 'no permission to mount there: the folder must be yours, and writable', error);
    case 'ENOTDIR':
      return wrong(given, 'is not a folder', error);
    default:
      return error instanceof Failure ? error : wrong(given, `cannot be mounted on: ${messageOf(error)}`, error);
  }
}

/** The command that takes away what a killed driver has left. */
export function clearing(path: string): string {
  return `fusermount3 -uz ${shellWord(path)}`;
}

// How long a mount has to answer, in milliseconds.
const patience = 10_000;

/** Throws Failure('fatal') where the process behind a mount stands still: whoever looks at the folder would do so, too. */
export async function refuseSilent(mountPoint: string): Promise<void> {
  if (await isAnswering(mountPoint, patience)) return;
  const message =
    `the program behind the mount at ${mountPoint} does not answer; it may be stopped (kill -CONT), or hang: ` +
    `${clearing(mountPoint)} takes the folder away`;
  throw new Failure('fatal', message, { path: mountPoint });
}

async function isEmpty(path: string): Promise<boolean> {
  const folder = await opendir(path);
  try {
    return (await folder.read()) === null;
  } finally {
    await folder.close();
  }
}

/** As `realpath`, without a look at the folder itself: a mount whose program has ended, or hangs, can't be looked at. */
export async function resolveMountPoint(given: string): Promise<string> {
  const path = resolve(given);
  return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
}

function wrong(given: string, what: string, cause?: unknown): Failure {
  return new Failure('usage', `${given}: ${what}`, { path: given, cause });
}
