import { readFileSync, statSync } from 'node:fs';
import { codeOf, Failure } from '../core/failure.ts';
import { systemFailure } from './system-failure.ts';

/** The bytes of a config file; null where there is none. Throws Failure. */
export function readIfThere(file: string): Uint8Array | null {
  try {
    // Some devices have no end.
    if (statSync(file).isCharacterDevice())
      throw new Failure('usage', `config file ${file} is a device`, { path: file });
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (codeOf(error) === 'EISDIR') throw new Failure('usage', `config file ${file} is a folder`, { path: file });
    throw systemFailure(error, `cannot read config file ${file}`, file);
  }
}
