import { open } from 'node:fs/promises';
import { Failure, messageOf } from '../core/failure.ts';
import { descriptorOutput, type Io, type Output } from './io.ts';

/** Opens a local file that a flag names for writing, emptied; `-` is standard output. Throws Failure('usage') naming it. */
export async function openOutput(io: Io, path: string): Promise<Output & AsyncDisposable> {
  if (path === '-') return { ...io.stdout, async [Symbol.asyncDispose]() {} };
  try {
    const file = await open(path, 'w');
    return { ...descriptorOutput(file.fd), [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    throw new Failure('usage', `cannot write ${path}: ${messageOf(error)}`, { path, cause: error });
  }
}
