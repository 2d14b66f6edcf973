import { Failure } from '../../core/failure.ts';

/** What was asked of a listing. */
export interface Asked {
  readonly prefix: string;
  /** One level only: deeper names are rolled up to folders. */
  readonly isFlat: boolean;
  /** What was listed, for messages. */
  readonly path: string;
}

/** Throws Failure('corrupt') for a listed name that is none, that does not begin with the prefix, that lies deeper than one
 *  level where that was asked for, or stands for what is in it where all was: of a store that does not listen, a folder would
 *  be all that it holds, or nothing. */
export function requireAsked({ prefix, isFlat, path }: Asked, name: string, isRolledUp: boolean): void {
  const fits = isFlat ? !isDeeper(name, prefix.length) : !isRolledUp;
  if (fits && name !== '' && name.startsWith(prefix)) return;
  throw new Failure('corrupt', `cannot list ${path}: the store lists ${name || 'no name'}, which was not asked for`, {
    path,
  });
}

/** A folder's name ends in the only slash. */
function isDeeper(name: string, start: number): boolean {
  const slash = name.indexOf('/', start);
  return slash >= 0 && slash < name.length - 1;
}
