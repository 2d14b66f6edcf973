import { isInside, relativePath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { Session } from './session.ts';

export function areSame(a: Location, b: Location): boolean {
  return a.remote === b.remote && a.path === b.path;
}

/** Whether one lies in the other; a folder that the filter keeps out of the tree is not in it. */
export function overlap({ filter }: Session, dir: Location, tree: Location): boolean {
  if (areSame(dir, tree)) return true;
  if (dir.remote !== tree.remote) return false;
  if (!isInside(tree.path, dir.path)) return isInside(dir.path, tree.path);
  const below = relativePath(tree.path, dir.path).split('/');
  return below.every((_, index) => filter.includesFolder(below.slice(0, index + 1).join('/')));
}
