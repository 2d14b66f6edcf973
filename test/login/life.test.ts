import { expect, test } from 'vitest';
import { tokenLife } from '../../src/login/life.ts';

const at = (hour: number, minute: number, day = 5) => new Date(2024, 2, day, hour, minute).getTime();
const now = at(10, 6);

test.each([
  ['hours and minutes', at(18, 5), 'valid until 18:05, 7 h 59 min'],
  ['minutes', at(10, 45), 'valid until 10:45, 39 min'],
  ['next to nothing', now + 30_000, 'valid until 10:06, less than a minute'],
  ['until tomorrow, with the date', at(2, 0, 6), 'valid until 2024-03-06 02:00, 15 h 54 min'],
  ['no longer', now, 'not valid any more'],
  ['unknown', null, 'valid, the site does not say for how long'],
])('the life of a token: %s', (_, expires, text) => {
  expect(tokenLife(expires, now)).toBe(text);
});
