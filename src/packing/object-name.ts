import { Failure } from '../core/failure.ts';
import { baseName } from '../core/path.ts';

/** What was done to a file or folder on its way into an object. */
export interface Packing {
  readonly isArchive: boolean;
  readonly isCompressed: boolean;
  readonly seal: 'gpg' | 'c4gh' | null;
}

/** What stands beside an object and tells of it. */
export const ametaSuffix = '_ameta';

/** The name of the object for a file or folder, as a-put makes it: spaces become `_`, and each step of the packing adds
 *  its suffix. `wanted` takes the place of the name, with suffixes of its own where it has them. */
export function objectName(name: string, { isArchive, isCompressed, seal }: Packing, wanted?: string): string {
  const suffix = `${isArchive ? '.tar' : ''}${isCompressed ? '.zst' : ''}`;
  const base = wanted ?? name.replaceAll(' ', '_');
  const packed = wanted?.endsWith(suffix) ? base : `${base}${suffix}`;
  return seal === null ? packed : `${packed}.${seal}`;
}

/** What the suffixes of an object's name say, and the name without them. */
export function parseObjectName(path: string): Packing & { readonly name: string } {
  let name = baseName(path);
  const strip = (suffix: string): boolean => {
    const has = name.length > suffix.length && name.endsWith(suffix);
    if (has) name = name.slice(0, -suffix.length);
    return has;
  };
  const seal = strip('.gpg') ? 'gpg' : strip('.c4gh') ? 'c4gh' : null;
  const isCompressed = strip('.zst');
  const isArchive = strip('.tar');
  return { name, seal, isCompressed, isArchive };
}

/** Throws Failure('usage') for names that would pass for the description of another object. */
export function requireNoAmeta(name: string): void {
  if (!name.endsWith(ametaSuffix)) return;
  const message = `"${name}" ends with ${ametaSuffix}, as the descriptions of objects do: rename it`;
  throw new Failure('usage', message, { path: name });
}
