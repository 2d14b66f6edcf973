import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isFailure } from '../../src/core/failure.ts';
import { unwrapArmour, wrapArmour } from '../../src/sharing/armour.ts';

const sealed = new Uint8Array(randomBytes(700));
const armour = wrapArmour(sealed);

test.each([0, 1, 2, 3, 47, 48, 49, 1000])('%i bytes come back', (size) => {
  const bytes = new Uint8Array(randomBytes(size));
  expect(unwrapArmour(wrapArmour(bytes))).toEqual(bytes);
});

test('nothing in it needs quoted-printable, and its lines are short', () => {
  expect(armour).not.toContain('=');
  expect(Math.max(...armour.split('\n').map((line) => line.length))).toBeLessThanOrEqual(64);
});

describe('it opens after mail', () => {
  test.each<[string, (text: string) => string]>([
    ['changed the ends of its lines', (text) => text.replaceAll('\n', '\r\n')],
    ['doubled them', (text) => text.replaceAll('\n', '\r\r\n')],
    ['put empty lines between', (text) => text.replaceAll('\n', '\n\n')],
    [
      'wrapped it shorter',
      (text) => text.replace(/^[\w+/]{64}$/gm, (line) => `${line.slice(0, 40)}\n${line.slice(40)}`),
    ],
    ['quoted it', (text) => text.replace(/^/gm, '> ')],
    ['quoted it twice', (text) => text.replace(/^/gm, '>> ')],
    ['indented it', (text) => text.replace(/^/gm, '\u00a0  ')],
    ['joined its dashes', (text) => text.replaceAll('-----', '—–')],
    [
      'put words around it',
      (text) => `Hi,\n\nhere is the BEGIN COFFER SHARE thing: paste it.\n\n${text}\n-- \nKaisa\n`,
    ],
    ['took away its clear lines', (text) => text.replace(/^.*: .*\n/gm, '')],
    ['pasted it as one line', (text) => text.replaceAll('\n', ' ')],
    ['added padding', (text) => text.replace('\n-----END', '==\n-----END')],
  ])('%s', (_, mail) => {
    expect(unwrapArmour(mail(armour))).toEqual(sealed);
  });
});

describe('it is refused', () => {
  const refusal = (text: string): string => {
    try {
      unwrapArmour(text);
    } catch (error) {
      if (isFailure(error)) return `${error.kind}: ${error.message}`;
    }
    return 'opened';
  };

  test.each([
    ['without its last line', armour.replace(/-----END.*/s, ''), 'corrupt: not a whole share: it is cut off'],
    ['as another text', 'Dear all,\n', 'corrupt: not a whole share: no "BEGIN COFFER SHARE" in it'],
    ['when empty', '', 'corrupt: not a whole share: no "BEGIN COFFER SHARE" in it'],
    ['with another among it', armour + armour, 'usage: the text holds more than one share'],
    [
      'with other letters in it',
      armour.replace('\n\n', '\n\n*'),
      'corrupt: not a whole share: there is more than base64',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  // Anybody who can write to a bucket can publish these. A search that begins anew at each character takes an hour.
  test.each([
    ['dashes', '-', ''],
    ['first lines', '--BEGIN COFFER SHARE--', ''],
    ['dashes behind a first line', '-', '--BEGIN COFFER SHARE--A'],
    ['padding before a letter', '=', '--BEGIN COFFER SHARE--', 'A--END COFFER SHARE--'],
  ])('when it is nothing but %s', (_, repeated, start, end = '') => {
    const filler = repeated.repeat((1 << 20) / repeated.length);
    expect(refusal(start + filler + end)).toContain('corrupt: not a whole share');
  });
});
