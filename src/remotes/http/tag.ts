import { Failure } from '../../core/failure.ts';

/** Throws Failure('changed') where an object is in another state than the one that was looked at; `expected` is undefined
 *  where none was. */
export function requireTag(tag: string | undefined, expected: string | undefined, path: string): void {
  if (expected === undefined || tag === expected) return;
  throw new Failure('changed', `${path}: was changed in the meantime`, { path });
}
