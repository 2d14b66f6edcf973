import { afterAll, expect, test } from 'vitest';
import { formatNanoseconds, formatSeconds } from '../../../src/cli/format/time.ts';
import { formatRfc3339 } from '../../../src/core/rfc3339.ts';

const zone = process.env.TZ;
process.env.TZ = 'Europe/Helsinki';
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

// What rclone 1.60.1 prints of files on a tmpfs, which takes any time.
test.for([
  [-62_135_596_801n, '0001-01-01T01:39:48.000000000+01:39'],
  [-62_200_000_000n, '-0002-12-17T15:53:09.000000000+01:39'],
  [-9_000_000_000_000n, '-283229-05-10T09:39:49.000000000+01:39'],
  [9_000_000_000_000n, '287168-08-24T19:00:00.000000000+03:00'],
  [300_000_000_000_000_000n, '9506623522-01-17T07:20:00.000000000+02:00'],
] as const)('the time %s is shown as rclone shows it', ([seconds, shown]) => {
  const time = seconds * 1_000_000_000n;
  expect(formatRfc3339(time, 9)).toBe(shown);
  expect(formatNanoseconds(time)).toBe(shown.slice(0, -6).replace('T', ' '));
  expect(formatSeconds(time)).toBe(shown.slice(0, -16).replace('T', ' '));
});
