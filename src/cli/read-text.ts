import { readFile } from 'node:fs/promises';
import { collect } from '../core/bytes.ts';
import { Failure, messageOf } from '../core/failure.ts';
import { bytesToName } from '../core/name-bytes.ts';
import { anyInput } from './standard-input.ts';

/** The text of a file that a flag names; `-` is standard input. Bytes that are not UTF-8 stand as in names
 *  (core/name-bytes.ts). Throws Failure('usage') naming the file. */
export async function readText(path: string): Promise<string> {
  if (path === '-') return bytesToName(await collect(anyInput()));
  try {
    return bytesToName(await readFile(path));
  } catch (error) {
    throw new Failure('usage', `cannot read ${path}: ${messageOf(error)}`, { path, cause: error });
  }
}
