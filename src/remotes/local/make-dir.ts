import { parentPath } from '../../core/path.ts';
import { isSystemError } from './disk-failure.ts';
import { system } from './system.ts';

/** Makes a folder and those above it; one that is there is no error. Node's own way to do so never returns where a folder
 *  refuses new ones as missing (ENOENT), as those of /proc and of an automounter do. */
export async function makeDirs(disk: string): Promise<void> {
  try {
    await makeOne(disk);
  } catch (error) {
    const parent = parentPath(disk);
    if (!isSystemError(error, 'ENOENT') || parent === '') throw error;
    await makeDirs(parent);
    await makeOne(disk);
  }
}

async function makeOne(disk: string): Promise<void> {
  try {
    await system.makeDir(disk);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST') || !(await system.stat(disk)).isDirectory()) throw error;
  }
}
