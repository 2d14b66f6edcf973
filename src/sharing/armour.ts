import { Failure } from '../core/failure.ts';

const lineLength = 64;
// Mail programs join dashes into longer ones (U+2013, U+2014).
// A line of dashes is tried from its start alone: anybody may have written the text, and from each dash that takes hours.
const firstLine = /(?<![-\u2013\u2014])[-\u2013\u2014]{2,} ?BEGIN COFFER SHARE ?[-\u2013\u2014]{2,}/gu;
const lastLine = /(?<![-\u2013\u2014])[-\u2013\u2014]{2,} ?END COFFER SHARE ?[-\u2013\u2014]{2,}/gu;
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
  const [body, another] = bodiesIn(text);
  if (another !== undefined)
    throw new Failure('usage', 'the text holds more than one share: keep only the one to open');
  if (body === undefined) {
    const why = beginning.test(text) ? 'it is cut off: its last line is missing' : 'no "BEGIN COFFER SHARE" in it';
    throw new Failure('corrupt', `not a whole share: ${why}`);
  }
  // A colon is in every clear line and in no line of base64; a text that was pasted as one line has ours in front.
  const lines = body
    .replace(clearLines, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.includes(':'));
  const [, base64] = /^([A-Za-z0-9+/]*)=*$/.exec(lines.join('').replace(mailed, '')) ?? [];
  if (base64 === undefined || base64.length % 4 === 1) {
    throw new Failure('corrupt', 'not a whole share: there is more than base64 between its first and last line');
  }
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** What stands between the first and the last line of each share. */
function bodiesIn(text: string): readonly string[] {
  const bodies: string[] = [];
  let end = 0;
  for (const first of text.matchAll(firstLine)) {
    if (first.index < end) continue;
    const start = first.index + first[0].length;
    lastLine.lastIndex = start;
    const last = lastLine.exec(text);
    if (!last) break;
    bodies.push(text.slice(start, last.index));
    end = lastLine.lastIndex;
  }
  return bodies;
}
