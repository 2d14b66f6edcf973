import { expect, it } from 'vitest';
import { cutToWidth, displayWidth } from '../../src/cli/display-width.ts';

it.for([
  ['job_6', 5],
  ['Näyte ½', 7],
  ['研究', 4],
  ['연구', 4],
  ['ｆｕｌｌ', 8],
  ['ｶﾅ', 2],
  ['🧬', 2],
  ['данные', 6],
])('%s takes %i columns', ([line, columns]) => {
  expect(displayWidth(String(line))).toBe(columns);
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
