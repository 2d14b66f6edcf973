import { Failure } from '../../core/failure.ts';

/** Throws Failure('corrupt') for a listed name that does not begin with `prefix` or, where one level was asked for, lies deeper:
 *  of a store that ignores what it was asked, a folder would be all that it holds. `path`: what was listed, for the message. */
export function requireAsked(name: string, prefix: string, isFlat: boolean, path: string): void {
  const isAsked = name.startsWith(prefix) && !(isFlat && isDeeper(name, prefix.length));
  if (isAsked) return;
  throw new Failure('corrupt', `cannot list ${path}: the store lists ${name}, which was not asked for`, { path });
}

/** A folder's name ends in the only slash. */
function isDeeper(name: string, start: number): boolean {
  const slash = name.indexOf('/', start);
  return slash >= 0 && slash < name.length - 1;
}
