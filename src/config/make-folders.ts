import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../core/failure.ts';

/** Makes a folder and those above it, for the owner alone. Node's own way to do so never returns where a folder refuses new
 *  ones as missing (ENOENT), as those of /proc and of an automounter do. Throws the system's error. */
export function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
