import { describe, expect, it } from 'vitest';
import { parseTimetable, ratesAt } from '../../src/core/timetable.ts';

const k = 1024;
const M = 1024 * 1024;
// A Sunday.
const at = (day: number, hour: number, minute = 0): Date => new Date(2024, 8, 1 + day, hour, minute);

describe('one rate', () => {
  it.each([
    ['100', { up: 100 * k, down: 100 * k }],
    ['10M', { up: 10 * M, down: 10 * M }],
    ['10M:100k', { up: 10 * M, down: 100 * k }],
    ['off', { up: -1, down: -1 }],
    ['1M:off', { up: M, down: -1 }],
    ['0', { up: 0, down: 0 }],
  ])('%s holds at any time', (text, rates) => {
    for (const moment of [at(0, 0), at(3, 12), at(6, 23, 59)]) {
      expect(ratesAt(parseTimetable(text), moment)).toMatchObject(rates);
    }
  });
});

describe('a timetable', () => {
  it('of each day: the last that began holds, over midnight too', () => {
    const table = parseTimetable('08:00,512k 12:00,10M 13:00,512k 18:00,30M:1M 23:00,off');
    expect(ratesAt(table, at(2, 8))).toMatchObject({ up: 512 * k, down: 512 * k });
    expect(ratesAt(table, at(2, 12, 59))).toMatchObject({ up: 10 * M });
    expect(ratesAt(table, at(2, 13))).toMatchObject({ up: 512 * k });
    expect(ratesAt(table, at(2, 22, 59))).toMatchObject({ up: 30 * M, down: M });
    expect(ratesAt(table, at(2, 23))).toMatchObject({ up: -1 });
    for (const day of [0, 1, 6]) expect(ratesAt(table, at(day, 7, 59))).toMatchObject({ up: -1 });
  });

  it('of the week: short and long names, in any case', () => {
    const table = parseTimetable('Mon-00:00,512k fri-23:59,10M SATURDAY-10:00,1M Sun-20:00,off');
    expect(ratesAt(table, at(1, 0))).toMatchObject({ up: 512 * k });
    expect(ratesAt(table, at(5, 23, 58))).toMatchObject({ up: 512 * k });
    expect(ratesAt(table, at(6, 9, 59))).toMatchObject({ up: 10 * M });
    expect(ratesAt(table, at(6, 10))).toMatchObject({ up: M });
    expect(ratesAt(table, at(0, 20))).toMatchObject({ up: -1 });
  });

  it('before the first of the week the one that is written last holds, as in rclone', () => {
    expect(ratesAt(parseTimetable('Sat-00:00,1M Mon-00:00,2M'), at(0, 5))).toMatchObject({ up: 2 * M });
  });
});

it.each([
  '',
  'fast',
  '10M:',
  ':10M',
  '10M 5M',
  '08:00,5 x',
  '08:00,',
  '25:00,10M',
  '08:60,10M',
  '8:00,10M',
  'foo-08:00,5',
  '08:00,1M,2M',
])('"%s" is refused', (text) => {
  expect(() => parseTimetable(text)).toThrow(expect.objectContaining({ kind: 'usage' }));
});
