import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSeconds, parseSeconds } from '../../src/core/seconds.ts';

describe('a time in seconds', () => {
  test('looks like rclone’s', () => {
    expect(formatSeconds(1_709_210_096_123_456_789n)).toBe('1709210096.123456789');
    expect(formatSeconds(1_709_210_096_120_000_000n)).toBe('1709210096.12');
    expect(formatSeconds(5_000_000_000n)).toBe('5');
    expect(formatSeconds(-1_500_000_000n)).toBe('-1.5');
  });

  test('comes back as it was', () => {
    const times = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(fc.property(times, (time) => parseSeconds(formatSeconds(time)) === time));
  });

  test('of more digits is cut, and what is no number is none', () => {
    expect(parseSeconds('1.1234567899')).toBe(1_123_456_789n);
    expect(parseSeconds('1.')).toBe(1_000_000_000n);
    for (const text of ['', 'x', '1e3', '.5', '1.2.3', ' 1', '1'.padEnd(19, '0')])
      expect(parseSeconds(text)).toBeNull();
  });
});
