import { collect } from '../core/bytes.ts';
import { Failure, unlessAbsent } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import type { Ameta } from './ameta.ts';
import { ametaSuffix } from './object-name.ts';
import type { Keys } from './seal.ts';
import { readAmeta } from './sealed-ameta.ts';

// A million files of long names.
export const longestAmeta = 512 << 20;

/** What describes an object; null where nothing does. Throws as `readAmeta`. */
export function describe(object: Location, keys: Keys, signal: AbortSignal): Promise<Ameta | null> {
  return unlessAbsent(readDescription(object, keys, signal));
}

async function readDescription(object: Location, keys: Keys, signal: AbortSignal): Promise<Ameta> {
  const path = `${object.path}${ametaSuffix}`;
  const { size } = await object.remote.stat(path, { signal });
  if (size > longestAmeta) throw new Failure('too-large', `${path}: ${size} bytes are too many to describe an object`);
  return readAmeta(await collect(object.remote.read(path, undefined, { signal })), keys, path);
}
