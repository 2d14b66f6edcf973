import { Failure } from './failure.ts';

/** Joins two paths of a remote; either may be empty. */
export function joinPath(dir: string, name: string): string {
  return dir === '' ? name : name === '' ? dir : `${dir}/${name}`;
}

/** The folder that holds `path`; empty for the root's children. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last segment. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The first segment, a bucket as it may be, and what is below it: '' where nothing is. */
export function splitFirst(path: string): [first: string, rest: string] {
  const slash = path.indexOf('/');
  return slash < 0 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
}

/** How many folders a path leads through; 0 for the root. */
export function depthOf(dir: string): number {
  return dir === '' ? 0 : dir.split('/').length;
}

/** `path` as seen from `dir`, which must contain it. */
export function relativePath(dir: string, path: string): string {
  return dir === '' ? path : path.slice(dir.length + 1);
}

export function isInside(dir: string, path: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`);
}

/** Cleans what a user typed: empty and `.` segments go, `..` climbs. Throws Failure('usage') when it climbs out. */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) throw new Failure('usage', `"${path}" leads out of the remote`);
  }
  return kept.join('/');
}

/** Compares as stores sort: by code point, which is the order of the UTF-8 bytes. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) !== isSurrogate(y) ? (isSurrogate(x) ? 1 : -1) : x - y;
  }
  return a.length - b.length;
}

/** Sorts in place, as `comparePaths`. */
export function sortByPath<T extends { readonly path: string }>(items: T[]): T[] {
  const isOfOneOrder = !items.some(({ path }) => surrogates.test(path));
  return items.sort(
    isOfOneOrder ? (a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)) : (a, b) => comparePaths(a.path, b.path),
  );
}

// V8 compares by UTF-16's units, and several times as fast: where there are none of these, that is the same order.
const surrogates = /[\ud800-\udfff]/;

// UTF-16 puts U+E000–FFFF above the surrogates that encode U+10000 and up.
function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
