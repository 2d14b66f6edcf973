import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { cutToWidth, displayWidth } from '../../src/cli/display-width.ts';

// Python knows the property of every character; those without a width on their own are left out.
const program = `
import sys, unicodedata as u
for c in map(chr, range(0x20, 0x110000)):
    if u.category(c) not in ('Cn', 'Co', 'Cs', 'Cc', 'Cf', 'Mn', 'Me', 'Mc'):
        print('%x %d' % (ord(c), 2 if u.east_asian_width(c) in 'WF' else 1))
`;

it('a character takes as many columns as Unicode says', () => {
  const rows = execFileSync('python3', ['-c', program], { encoding: 'utf8', maxBuffer: 1e8 }).trimEnd().split('\n');
  expect(rows.length).toBeGreaterThan(100_000);
  const wrong = rows.filter((row) => {
    const [code = '', width] = row.split(' ');
    return displayWidth(String.fromCodePoint(Number.parseInt(code, 16))) !== Number(width);
  });
  expect(wrong).toEqual([]);
});

it('accents that stand on their own take none, and a sign that is made an emoji takes two', () => {
  expect(displayWidth('Ma\u0308rz')).toBe(4);
  expect(displayWidth('\u2764\ufe0f')).toBe(2);
});

it('a line is cut before a character that does not fit', () => {
  expect(cutToWidth('a研究資料', 4)).toBe('a研');
  expect(cutToWidth('a研究資料', 9)).toBe('a研究資料');
  expect(cutToWidth('abc', 2)).toBe('ab');
});
