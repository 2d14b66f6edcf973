import { randomBytes } from 'node:crypto';
import { readlink, rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, Failure } from '../../core/failure.ts';
import { processStart, thisMachine } from '../../core/machine.ts';
import { unlessMissing, unlinkIfThere } from './disk.ts';

/** Makes `folder` this process's own until what is returned is called, or the process is gone. The lock is a symbolic
 *  link that leads nowhere: it is there at once with all that it says. Throws Failure('exists') where a living process
 *  has it, or one of another machine, of which nothing can be known. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const token = tokenOf(process.pid);
  for (let tries = 0; tries < 100; tries++) {
    if (await make(token, path)) {
      return async () => {
        if ((await holderOf(path)) === token) await unlink(path);
      };
    }
    const holder = await holderOf(path);
    if (holder !== null) {
      requireGone(holder, path, folder);
      await setAside(path, holder);
    }
  }
  throw new Failure('exists', `the cache at ${folder} is in use by other mounts`, { path: folder });
}

function requireGone(holder: string, path: string, folder: string): void {
  const [machine, pid = ''] = holder.split(' ');
  if (machine === thisMachine()) {
    if (tokenOf(Number(pid)) !== holder) return;
    const message = `the cache at ${folder} is in use by another mount, process ${pid}: give this one another --cache-dir`;
    throw new Failure('exists', message, { path: folder });
  }
  const message = `the cache at ${folder} was left locked on another machine or in another container (${holder}): give another --cache-dir, or remove ${path} if nothing runs there`;
  throw new Failure('exists', message, { path: folder });
}

/** Of several who found the holder gone, one at most takes its lock away: a rename takes what is there, and whoever
 *  took another's puts it back. */
async function setAside(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await unlessMissing(() => rename(path, aside));
  const taken = await holderOf(aside);
  if (taken !== null && taken !== holder) await make(taken, path);
  await unlinkIfThere(aside);
}

async function make(token: string, path: string): Promise<boolean> {
  try {
    await symlink(token, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): Promise<string | null> {
  return unlessMissing(() => readlink(path));
}

/** Says one process for ever. */
function tokenOf(pid: number): string {
  return `${thisMachine()} ${pid} ${processStart(pid)}`;
}
