import { Failure } from '../../core/failure.ts';

/** Whether a folder can hold an entry of this name: a store may send anything. */
export function isSafeName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

/** Throws Failure('usage') for a name that no file can have. */
export function requireName(name: string): void {
  if (!isSafeName(name)) throw new Failure('usage', `${JSON.stringify(name)} is no name for a file or a folder`);
}
