import { parentPath } from '../../core/path.ts';
import { isSystemError } from './disk-failure.ts';
import { system } from './system.ts';

/** Makes a folder and those above it; one that is there is no error. Node's own way to do so never returns where a folder
 *  refuses new ones as missing (ENOENT), as those of /proc and of an automounter do. `mode` is less the umask.
 *  Returns the first that was made; null when all were there. */
export async function makeDirs(disk: string, mode = 0o777): Promise<string | null> {
  try {
    return (await makeOne(disk, mode)) ? disk : null;
  } catch (error) {
    const parent = parentPath(disk);
    if (!isSystemError(error, 'ENOENT') || parent === '') throw error;
    const first = await makeDirs(parent, mode);
    await makeOne(disk, mode);
    return first ?? disk;
  }
}

/** Whether it was not there before. */
async function makeOne(disk: string, mode: number): Promise<boolean> {
  try {
    await system.makeDir(disk, mode);
    return true;
  } catch (error) {
    if (!isSystemError(error, 'EEXIST') || !(await system.stat(disk)).isDirectory()) throw error;
    return false;
  }
}
