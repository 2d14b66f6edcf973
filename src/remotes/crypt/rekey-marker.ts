import { collect, sourceOf } from '../../core/bytes.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { Failure, isFailure, unlessAbsent } from '../../core/failure.ts';
import { objectIn, parseObject } from '../../core/json.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import { type ContentCipher, openContent } from '../../formats/rclone-crypt/content.ts';
import { sealedSource } from '../../formats/rclone-crypt/sealed-source.ts';
import type { CryptPasswords } from './passwords.ts';
import { rekeyMarkerName } from './reserved.ts';

/** The file that tells, in the folder that a crypt remote stands on, that the remote is being given new passwords. It is
 *  sealed with the new ones, like a file of the remote: somebody who has only the old ones learns that it is there, and
 *  nothing else. */
export interface RekeyMarker {
  readonly since: Nanoseconds;
  /** For whoever has only the new passwords. */
  readonly previous: CryptPasswords;
}

/** A marker that stands there. */
export interface FoundMarker {
  /** As the store has it; null where it keeps no times. */
  readonly modified: Nanoseconds | null;
  /** Null where it is sealed under other passwords. */
  readonly content: RekeyMarker | null;
}

const version = 1;
const mostBytes = 1 << 16;

/** Null where none is. */
export function findMarker(base: Location, cipher: ContentCipher, call?: Call): Promise<FoundMarker | null> {
  return unlessAbsent(readMarker(base, cipher, call));
}

async function readMarker(base: Location, cipher: ContentCipher, call: Call | undefined): Promise<FoundMarker> {
  const path = markerPath(base);
  const { modified } = await base.remote.stat(path, call);
  const sealed = await collect(base.remote.read(path, { start: 0, end: mostBytes }, call));
  return { modified, content: await openMarker(sealed, cipher, path) };
}

export async function writeMarker(
  base: Location,
  { since, previous }: RekeyMarker,
  cipher: ContentCipher,
  nonce: Uint8Array,
  call?: Call,
): Promise<void> {
  const text = JSON.stringify({ 'coffer-rekey': version, since: String(since), previous });
  const source = sealedSource(cipher, nonce, sourceOf(Buffer.from(text)));
  await base.remote.write(markerPath(base), source, { modified: since }, call);
}

/** Not an error where none is. */
export async function removeMarker(base: Location, call?: Call): Promise<void> {
  await unlessAbsent(base.remote.remove(markerPath(base), call));
}

function markerPath(base: Location): string {
  return joinPath(base.path, rekeyMarkerName);
}

/** Throws Failure('unsupported') for one of a later version. */
async function openMarker(sealed: Uint8Array, cipher: ContentCipher, path: string): Promise<RekeyMarker | null> {
  try {
    const plain = await collect(openContent(cipher, sourceOf(sealed).open(), { path }));
    return parseMarker(Buffer.from(plain).toString(), path);
  } catch (error) {
    if (isFailure(error, 'corrupt')) return null;
    throw error;
  }
}

/** Null for what is no marker: the store may have put another sealed file in its place. */
function parseMarker(text: string, path: string): RekeyMarker | null {
  const marker = parseObject(text);
  const number = marker?.['coffer-rekey'];
  if (typeof number === 'number' && number > version) {
    throw new Failure('unsupported', `${path}: was written by a later version of coffer`, { path });
  }
  const { password, password2 } = objectIn(marker?.previous);
  const since = marker?.since;
  if (number !== version || typeof since !== 'string' || !/^\d{1,20}$/.test(since)) return null;
  if (typeof password !== 'string' || password === '' || typeof password2 !== 'string') return null;
  return { since: BigInt(since), previous: { password, password2 } };
}
