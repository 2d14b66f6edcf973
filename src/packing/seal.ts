import type { Bytes, Source } from '../core/bytes.ts';
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

/** A stream that can be read once, and how long it is: exactly, or at most. */
export interface Stream extends Pick<Source, 'size' | 'atMost'> {
  readonly bytes: Bytes;
}

/** Seals a stream; null leaves it plain. */
export function sealWith(seal: Seal | null, plain: Stream): Stream {
  if (seal === null) return plain;
  if (seal.kind === 'gpg') {
    return grown(plain, sealMessage(plain.bytes, seal.password), sealedMessageSize);
  }
  const file = newSealedFile(seal.recipients);
  return grown(plain, sealStream(file, plain.bytes), (length) => file.header.length + sealedLength(chunk, length));
}

function grown({ size, atMost }: Stream, bytes: Bytes, lengthOf: (plain: number) => number): Stream {
  return {
    bytes,
    size: size === null ? null : lengthOf(size),
    ...(atMost !== undefined && { atMost: lengthOf(atMost) }),
  };
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
