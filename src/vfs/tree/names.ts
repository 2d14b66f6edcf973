import { Failure } from '../../core/failure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { linkSuffix } from '../../remotes/local/links.ts';
import type { VfsOptions } from '../options.ts';

/** In bytes, as everywhere on Linux: NAME_MAX. */
export const longestName = 255;

/** Whether a folder can hold an entry of this name: a store may send anything. */
export function isSafeName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

/** Throws Failure('usage') for a name that no file can have, 'too-large' for one that is too long. */
export function requireName(name: string): void {
  if (!isSafeName(name))
    throw new Failure('usage', `${JSON.stringify(name)} is not a valid name for a file or a folder`);
  if (nameToBytes(name).length > longestName) {
    throw new Failure('too-large', `${name.slice(0, 40)}…: the name is longer than ${longestName} bytes`);
  }
}

/** As `requireName`; throws Failure('usage') too for the name of a symlink's text file, which would be shown as a symlink. */
export function requireNewName({ usesLinks }: Pick<VfsOptions, 'usesLinks'>, name: string): void {
  requireName(name);
  if (!usesLinks || !name.endsWith(linkSuffix)) return;
  throw new Failure('usage', `${name}: names that end in ${linkSuffix} stand for symlinks`, { path: name });
}
