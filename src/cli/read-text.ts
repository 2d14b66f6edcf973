import { readFile } from 'node:fs/promises';
import { Failure, messageOf } from '../core/failure.ts';

/** The text of a file that a flag names; `-` is standard input. Throws Failure('usage') naming it. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `cannot read ${path === '-' ? 'standard input' : path}: ${messageOf(error)}`, {
      path,
      cause: error,
    });
  }
}
