import { collect, sourceOf } from '../core/bytes.ts';
import { Failure } from '../core/failure.ts';
import { bytesToName, nameToBytes } from '../core/name-bytes.ts';
import { type Ameta, formatAmeta, parseAmeta } from './ameta.ts';
import { type Keys, openSealed, type Seal, sealWith } from './seal.ts';

/** The bytes of an `_ameta` object; sealed they are as the object's own would be. */
export function ametaBytes(ameta: Ameta, seal: Seal | null): Promise<Uint8Array> {
  const plain = nameToBytes(formatAmeta(ameta));
  return collect(sealWith(seal, { bytes: sourceOf(plain).open(), size: plain.length }).bytes);
}

/** Reads one, whether it is sealed or plain: its first bytes tell. Throws as `openSealed`; Failure('corrupt') for
 *  something else. `path` is what messages call it. */
export async function readAmeta(bytes: Uint8Array, keys: Keys, path: string): Promise<Ameta> {
  const plain = await collect(openSealed(sealOf(bytes), sourceOf(bytes).open(), keys, path));
  const text = bytesToName(plain);
  if (!/^[a-z_]+: /.test(text)) throw new Failure('corrupt', `${path}: this describes no object`, { path });
  return parseAmeta(text);
}

function sealOf(bytes: Uint8Array): Seal['kind'] | null {
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') === 'crypt4gh') return 'c4gh';
  // A packet of OpenPGP has the first bit set, which no text in ASCII has.
  return ((bytes[0] ?? 0) & 0x80) !== 0 ? 'gpg' : null;
}
