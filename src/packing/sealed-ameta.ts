import { collect, sourceOf } from '../core/bytes.ts';
import { Failure, isFailure, unlessAbsent } from '../core/failure.ts';
import { bytesToName, nameToBytes } from '../core/name-bytes.ts';
import type { Location } from '../core/remote.ts';
import { type Ameta, formatAmeta, parseAmeta } from './ameta.ts';
import { ametaSuffix } from './object-name.ts';
import { type Keys, openSealed, type Seal, sealWith } from './seal.ts';

// A million files of long names.
export const longestAmeta = 512 << 20;

/** The bytes of an `_ameta` object; sealed they are as the object's own would be. */
export function ametaBytes(ameta: Ameta, seal: Seal | null): Promise<Uint8Array> {
  const plain = nameToBytes(formatAmeta(ameta));
  return collect(sealWith(seal, { bytes: sourceOf(plain).open(), size: plain.length }).bytes);
}

/** Reads what describes an object; null where nothing does. Throws as `readAmeta`, and Failure('too-large'). */
export function readAmetaOf(object: Location, keys: Keys, signal: AbortSignal): Promise<Ameta | null> {
  return unlessAbsent(readFound(object, keys, signal));
}

/** What describes an object. */
export interface Description {
  /** Null where nothing describes it, or that does not open. */
  readonly ameta: Ameta | null;
  /** Why it does not open; null where it does, and where there is none. */
  readonly closed: string | null;
}

export const noDescription: Description = { ameta: null, closed: null };

/** As `readAmetaOf`, where a description that is damaged, that is for others or whose key is not at hand is no reason to
 *  stop. */
export async function readDescription(object: Location, keys: Keys, signal: AbortSignal): Promise<Description> {
  try {
    return { ameta: await readAmetaOf(object, keys, signal), closed: null };
  } catch (error) {
    if (!isFailure(error, 'wrong-password', 'denied', 'corrupt', 'unsupported', 'usage', 'too-large')) throw error;
    return { ameta: null, closed: error.message };
  }
}

async function readFound(object: Location, keys: Keys, signal: AbortSignal): Promise<Ameta> {
  const path = `${object.path}${ametaSuffix}`;
  const { size } = await object.remote.stat(path, { signal });
  if (size > longestAmeta) throw new Failure('too-large', `${path}: ${size} bytes are too many to describe an object`);
  return readAmeta(await collect(object.remote.read(path, undefined, { signal })), keys, path);
}

/** Reads one, whether it is sealed or plain: its first bytes tell. Throws as `openSealed`; Failure('corrupt') for
 *  something else. `path` is what messages call it. */
export async function readAmeta(bytes: Uint8Array, keys: Keys, path: string): Promise<Ameta> {
  const plain = await collect(openSealed(sealOf(bytes), sourceOf(bytes).open(), keys, path));
  const text = bytesToName(plain);
  if (!/^[a-z_]+: /.test(text))
    throw new Failure('corrupt', `${path}: this is not a description of an object`, { path });
  return parseAmeta(text);
}

function sealOf(bytes: Uint8Array): Seal['kind'] | null {
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') === 'crypt4gh') return 'c4gh';
  // A packet of OpenPGP has the first bit set, which no text in ASCII has.
  return ((bytes[0] ?? 0) & 0x80) !== 0 ? 'gpg' : null;
}
