import { Failure } from '../core/failure.ts';
import { nameToBytes } from '../core/name-bytes.ts';

// Linux's PATH_MAX, in bytes.
const longestPath = 4096;

/** Where a member goes below the folder that an archive is unpacked in; '' for that folder itself.
 *  Throws Failure('denied') for a name that leads elsewhere, Failure('unsupported') for one that no disk
 *  can hold. */
export function memberPath(name: string): string {
  if (name.length > longestPath) {
    const message = `a name in the archive has ${name.length} characters, more than a path can have: "${name.slice(0, 80)}…"`;
    throw new Failure('unsupported', message, { path: name.slice(0, 80) });
  }
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (name.startsWith('/') || segments.includes('..') || name.includes('\0')) {
    throw new Failure('denied', `"${name}" in the archive leads out of the folder: nothing was unpacked`, {
      path: name,
    });
  }
  return segments.join('/');
}

/** Throws Failure('too-large') where `path` could not be reached in `folder`, in which it is to lie. */
export function requireReachable(folder: string, path: string): void {
  if (nameToBytes(`${folder}/${path}`).length < longestPath) return;
  throw new Failure('too-large', `"${path.slice(0, 80)}…" in the archive is too long a path for ${folder}`, { path });
}

/** Whether a symlink at `path` leads out of the folder at the top of its archive, or could by way of other links: `..`
 *  is fine at the start of its target only, where the folders are known to be no links. */
export function leadsOut(path: string, target: string): boolean {
  if (target.startsWith('/')) return true;
  const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
  const climbs = segments.findIndex((segment) => segment !== '..');
  const climbed = climbs < 0 ? segments.length : climbs;
  if (segments.slice(climbed).includes('..')) return true;
  // The folder at the top is the last one that may be reached.
  return climbed > 0 && climbed > path.split('/').length - 2;
}
