import type { Bytes } from '../core/bytes.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { sealedLength } from '../formats/chunked.ts';
import { chunk } from '../formats/crypt4gh/layout.ts';
import { newSealedFile, openStream, sealStream } from '../formats/crypt4gh/stream.ts';
import { openMessage } from '../formats/openpgp/open.ts';
import { sealedMessageSize, sealMessage } from '../formats/openpgp/seal.ts';

/** How an object is sealed: by a password in gpg's format, or to public keys of Crypt4GH. */
export type Seal =
  | { readonly kind: 'gpg'; readonly password: string }
  | { readonly kind: 'c4gh'; readonly recipients: readonly Uint8Array[] };

/** What opens sealed objects; asked for only where it is needed. */
export interface Keys {
  password(): Promise<string>;
  secretKey(): Promise<KeyPair>;
}

/** A stream being sealed, and its length where that of the plain bytes is known. */
export interface Sealed {
  readonly bytes: Bytes;
  readonly size: number | null;
}

/** Seals a stream; null leaves it plain. */
export function sealWith(seal: Seal | null, bytes: Bytes, size: number | null): Sealed {
  if (seal === null) return { bytes, size };
  if (seal.kind === 'gpg') {
    return { bytes: sealMessage(bytes, seal.password), size: size === null ? null : sealedMessageSize(size) };
  }
  const file = newSealedFile(seal.recipients);
  const length = size === null ? null : file.header.length + sealedLength(chunk, size);
  return { bytes: sealStream(file, bytes), size: length };
}

/** Opens a stream that was sealed so. `path` is what messages call it. What gpg's format gives is proven only at its
 *  end. Throws Failure('wrong-password'), 'corrupt', 'unsupported'. */
export async function* openSealed(
  kind: Seal['kind'] | null,
  bytes: Bytes,
  keys: Keys,
  path: string,
): AsyncGenerator<Uint8Array> {
  if (kind === null) yield* bytes;
  else if (kind === 'gpg') yield* openMessage(bytes, await keys.password(), path);
  else yield* openStream(bytes, await keys.secretKey(), { path });
}
