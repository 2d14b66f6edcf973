import { parentPath } from '../../core/path.ts';
import { isSystemError } from './disk-failure.ts';
import { system } from './system.ts';

/** Makes a folder and those above it; one that is there is no error. Node's own way to do so never returns where a folder
 *  refuses new ones as missing (ENOENT), as those of /proc and of an automounter do. `mode` is less the umask. */
export async function makeDirs(disk: string, mode = 0o777): Promise<void> {
  try {
    await makeOne(disk, mode);
  } catch (error) {
    const parent = parentPath(disk);
    if (!isSystemError(error, 'ENOENT') || parent === '') throw error;
    await makeDirs(parent, mode);
    await makeOne(disk, mode);
  }
}

async function makeOne(disk: string, mode: number): Promise<void> {
  try {
    await system.makeDir(disk, mode);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST') || !(await system.stat(disk)).isDirectory()) throw error;
  }
}
