import { Failure } from '../../core/failure.ts';

// Of <sys/mount.h>.
const flags: ReadonlyMap<string, number> = new Map([
  ['ro', 1],
  ['nosuid', 2],
  ['nodev', 4],
  ['noexec', 8],
  ['sync', 16],
  ['dirsync', 128],
  ['noatime', 1024],
  ['nodiratime', 2048],
]);

/** What takes a flag away again. */
const opposites: ReadonlyMap<string, string> = new Map([
  ['rw', 'ro'],
  ['suid', 'nosuid'],
  ['dev', 'nodev'],
  ['exec', 'noexec'],
  ['async', 'sync'],
  ['atime', 'noatime'],
  ['diratime', 'nodiratime'],
]);

const fuseOptions = ['allow_other', 'default_permissions'];

/** What mount(8) asks a file system's program for as well, under this name. */
const remount = 'remount';

/** Options of a mount that the kernel itself knows: `general` of any file system, `fuse` only of this kind. */
export interface KernelOptions {
  readonly general: readonly string[];
  readonly fuse: readonly string[];
}

/** Reads `noexec,noatime` as mount(8) would, the last word on a matter counting. Nothing that stands in a mount is run with
 *  another's rights, or taken for a device, unless the words say so. Throws Failure('usage'). */
export function parseKernelOptions(words: readonly string[]): KernelOptions {
  const general = new Set<string>(['nosuid', 'nodev']);
  const fuse = new Set<string>();
  for (const word of words.flatMap((list) => list.split(','))) {
    const opposite = opposites.get(word);
    if (flags.has(word)) general.add(word);
    else if (opposite) general.delete(opposite);
    else if (fuseOptions.includes(word)) fuse.add(word);
    else if (word !== '') throw refused(word);
  }
  return { general: [...general], fuse: [...fuse] };
}

function refused(word: string): Failure {
  if (word !== remount) return new Failure('usage', `unknown mount option "${word}"`);
  return new Failure('usage', 'a mount keeps its options until it ends: unmount it, and mount it with others');
}

export function isKernelOption(word: string): boolean {
  return word === remount || flags.has(word) || opposites.has(word) || fuseOptions.includes(word);
}

/** The argument of mount(2). */
export function mountFlags({ general }: KernelOptions): number {
  return general.reduce((sum, word) => sum | (flags.get(word) ?? 0), 0);
}
