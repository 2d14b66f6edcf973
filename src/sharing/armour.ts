import { Failure } from '../core/failure.ts';

const lineLength = 64;
// Mail programs join dashes into longer ones (U+2013, U+2014).
const armour =
  /[-\u2013\u2014]{2,} ?BEGIN COFFER SHARE ?[-\u2013\u2014]{2,}(.*?)[-\u2013\u2014]{2,} ?END COFFER SHARE ?[-\u2013\u2014]{2,}/gsu;
const clearLines = /^ *Version: \d+ +Open-With: coffer join FILE +/;
const beginning = /BEGIN COFFER SHARE/;
// What quoting and rewrapping leave between the characters: white space, quotation marks, invisible characters.
const mailed = /[\s>\u200b-\u200d\u2060\ufeff]+/g;

/** Sealed bytes as text that mail carries: base64 without padding, which quoted-printable would change. */
export function wrapArmour(sealed: Uint8Array): string {
  const base64 = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).toString('base64').replace(/=+$/, '');
  const lines = base64.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return [
    '-----BEGIN COFFER SHARE-----',
    'Version: 1',
    'Open-With: coffer join FILE',
    '',
    ...lines,
    '-----END COFFER SHARE-----',
    '',
  ].join('\n');
}

/** The sealed bytes in a text that may hold other things around the armour. Its clear lines are for people: they are not
 *  protected, so nothing is read from them. Throws Failure('corrupt'), or Failure('usage') for a text with two shares. */
export function unwrapArmour(text: string): Uint8Array {
  const found = [...text.matchAll(armour)];
  if (found.length > 1) throw new Failure('usage', 'the text holds more than one share: keep only the one to open');
  const body = found[0]?.[1];
  if (body === undefined) {
    const why = beginning.test(text) ? 'it is cut off: its last line is missing' : 'no "BEGIN COFFER SHARE" in it';
    throw new Failure('corrupt', `not a whole share: ${why}`);
  }
  // A colon is in every clear line and in no line of base64; a text that was pasted as one line has ours in front.
  const lines = body
    .replace(clearLines, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.includes(':'));
  const base64 = lines.join('').replace(mailed, '').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(base64) || base64.length % 4 === 1) {
    throw new Failure('corrupt', 'not a whole share: between its first and last line stands more than base64');
  }
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
