import { expect, test } from 'vitest';
import { wrap } from '../../src/cli/wrap.ts';

test.each([
  ['breaks between words', 'one two three', 7, 'one two\nthree'],
  ['leaves what fits', 'one two', 7, 'one two'],
  ['keeps line ends and indents', '  one\n\n two three', 6, '  one\n\n two\nthree'],
  [
    'leaves a word that is too long where it is',
    'Your password is: 0123456789abcdef',
    12,
    'Your\npassword is: 0123456789abcdef',
  ],
])('%s', (_, text, columns, wrapped) => {
  expect(wrap(text, columns)).toBe(wrapped);
});

test('nothing is broken where there is no screen', () => {
  const text = 'word '.repeat(500);
  expect(wrap(text, Number.POSITIVE_INFINITY)).toBe(text);
});
