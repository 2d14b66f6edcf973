import { afterEach, describe, expect, test } from 'vitest';
import { formatRfc3339, parseRfc3339 } from '../../src/core/rfc3339.ts';

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
});

// What Go's time.RFC3339Nano gives.
const times = [
  ['1709210096123456789', 'UTC', '2024-02-29T12:34:56.123456789Z'],
  ['1709210096120000000', 'UTC', '2024-02-29T12:34:56.12Z'],
  ['1709210096000000000', 'Europe/Helsinki', '2024-02-29T14:34:56+02:00'],
  ['1709210096000000001', 'America/St_Johns', '2024-02-29T09:04:56.000000001-03:30'],
  ['-1', 'UTC', '1969-12-31T23:59:59.999999999Z'],
] as const;

describe('a time in RFC 3339', () => {
  test.each(times)('%s in %s is %s, and is read back', (time, timeZone, text) => {
    process.env.TZ = timeZone;
    expect(formatRfc3339(BigInt(time))).toBe(text);
    expect(parseRfc3339(text)).toBe(BigInt(time));
  });

  test('has as many digits as are asked for', () => {
    process.env.TZ = 'UTC';
    expect(formatRfc3339(1_709_210_096_120_000_000n, 9)).toBe('2024-02-29T12:34:56.120000000Z');
    expect(formatRfc3339(1_709_210_096_120_000_000n, 0)).toBe('2024-02-29T12:34:56Z');
  });

  test.each(['', 'yesterday', '2024-02-29', '2024-02-29T12:34:56', '2024-13-01T00:00:00Z', '2024-02-29 12:34:56Z'])(
    '"%s" is none',
    (text) => expect(parseRfc3339(text)).toBeNull(),
  );
});
