import { Failure } from '../core/failure.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { fingerprint } from '../formats/crypt4gh/fingerprint.ts';
import type { Recipient, ShareDocument, ShareLayer } from './document.ts';
import { quoted } from './quoted.ts';
import { signingKeyOf } from './signing.ts';

export interface NewShare {
  readonly maker: KeyPair;
  /** What recipients call the maker. */
  readonly label: string;
  readonly recipients: readonly Recipient[];
  readonly layers: readonly ShareLayer[];
  readonly now: Date;
  /** The last serial that this maker gave to a share of this remote; 0 for none. */
  readonly lastSerial: number;
}

/** A share that its maker can open too. */
export function newShare({ maker, label, recipients, layers, now, lastSerial }: NewShare): ShareDocument {
  const makerAsRecipient = { publicKey: maker.public, label };
  return {
    ...stamp(now, lastSerial),
    maker: { signingKey: signingKeyOf(maker.secret).publicKey, publicKey: maker.public },
    recipients: withRecipients([makerAsRecipient], recipients),
    layers,
  };
}

/** The next share in place of `share`. */
export function renewShare(
  share: ShareDocument,
  changes: Partial<Pick<ShareDocument, 'recipients' | 'layers'>>,
  now: Date,
): ShareDocument {
  return { ...share, ...changes, ...stamp(now, share.serial) };
}

/** Whether `key` signed the share, so that it may change it. */
export function isMaker({ maker }: ShareDocument, key: KeyPair): boolean {
  return sameKey(signingKeyOf(key.secret).publicKey, maker.signingKey);
}

/** All of `recipients` and those of `more` whose keys are not among them. */
export function withRecipients(recipients: readonly Recipient[], more: readonly Recipient[]): readonly Recipient[] {
  const all = [...recipients];
  for (const one of more) if (!all.some(({ publicKey }) => sameKey(publicKey, one.publicKey))) all.push(one);
  return all;
}

/** Those who can open the share, but the ones that `words` name. Throws as `findRecipients`. */
export function remainingRecipients(share: ShareDocument, words: readonly string[]): readonly Recipient[] {
  const gone = findRecipients(share, words);
  return share.recipients.filter((one) => !gone.includes(one));
}

/** Those of `words` that name somebody who can open the share. */
export function namedIn(share: ShareDocument, words: readonly string[]): readonly string[] {
  return words.filter((word) => share.recipients.some((one) => isNamed(one, word)));
}

/** The recipients that `words` name, each by fingerprint, the beginning of it, or label.
 *  Throws Failure('usage') for a word that names none or several, and for the maker. */
export function findRecipients(share: ShareDocument, words: readonly string[]): readonly Recipient[] {
  return words.map((word) => {
    const [found, another] = share.recipients.filter((one) => isNamed(one, word));
    if (!found)
      throw new Failure(
        'usage',
        `nobody who can open the share is called ${quoted(word)}: \`coffer share list\` names all`,
      );
    if (another)
      throw new Failure('usage', `several who can open the share are called ${quoted(word)}: give the fingerprint`);
    if (sameKey(found.publicKey, share.maker.publicKey)) {
      throw new Failure('usage', 'the maker of a share cannot be taken out of it: let somebody else make a new one');
    }
    return found;
  });
}

function isNamed({ publicKey, label }: Recipient, word: string): boolean {
  return label === word || (/^SHA256:.{8}/.test(word) && fingerprint(publicKey).startsWith(word));
}

function stamp(now: Date, lastSerial: number): Pick<ShareDocument, 'serial' | 'created'> {
  const serial = Math.max(Math.floor(now.getTime() / 1000), lastSerial + 1);
  return { serial, created: now.toISOString() };
}

function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
