import { concat } from '../core/bytes.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { openBytes, sealBytes } from '../formats/crypt4gh/file.ts';
import { fingerprint } from '../formats/crypt4gh/fingerprint.ts';
import { includesKey } from '../formats/crypt4gh/recipients.ts';
import { unwrapArmour, wrapArmour } from './armour.ts';
import { decodeDocument, encodeDocument, type ShareDocument } from './document.ts';
import { isSignedBy, signatureSize, signingKeyOf } from './signing.ts';

/** The most characters of a share that are read: some thousand recipients. */
export const largestShare = 1 << 20;

/** Signs a share with its maker's key and seals it to its recipients, as armoured text. */
export function sealShare(document: ShareDocument, maker: KeyPair): string {
  const data = encodeDocument(document);
  const signature = signingKeyOf(maker.secret).sign(data);
  // No writer: the header would tell who made it to everyone who sees the text.
  return wrapArmour(
    sealBytes(
      concat([signature, data]),
      document.recipients.map(({ publicKey }) => publicKey),
    ),
  );
}

/** Opens a share and checks that the signing key that it names signed it and that `reader` is one of its recipients.
 *  Whose the signing key is, the pin tells or a person. Throws Failure('denied') when it was made for others,
 *  Failure('corrupt') when it was changed, Failure('unsupported') for another version. */
export function openShare(text: string, reader: KeyPair): ShareDocument {
  if (text.length > largestShare) throw new Failure('corrupt', 'not a share: the text is too long');
  const plain = unseal(unwrapArmour(text), reader);
  const signature = plain.subarray(0, signatureSize);
  const data = plain.subarray(signatureSize);
  const document = decodeDocument(data);
  if (!isSignedBy(document.maker.signingKey, data, signature)) {
    throw new Failure('corrupt', 'the share is not what its maker signed: ask its maker for a new one');
  }
  // A recipient can seal what was signed to somebody else, who must not take it for the maker's word to them.
  const keys = document.recipients.map(({ publicKey }) => publicKey);
  if (!includesKey(keys, reader.public)) {
    throw new Failure(
      'denied',
      `somebody else passed on a share that was not made for your key (${fingerprint(reader.public)})`,
    );
  }
  return document;
}

function unseal(sealed: Uint8Array, reader: KeyPair): Uint8Array {
  try {
    return openBytes(sealed, reader, 'the share').plain;
  } catch (error) {
    if (!isFailure(error, 'denied')) throw error;
    throw new Failure(
      'denied',
      `the share is not sealed to your key (${fingerprint(reader.public)}): ` +
        'send its maker your public key, which `coffer key show --public` prints, and ask for a share that includes it',
      { cause: error },
    );
  }
}
