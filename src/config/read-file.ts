import { readFileSync } from 'node:fs';
import { codeOf, systemFailure } from './system-failure.ts';

/** The bytes of a config file; null where there is none. Throws Failure. */
export function readIfThere(file: string): Uint8Array | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw systemFailure(error, `cannot read config file ${file}`, file);
  }
}
