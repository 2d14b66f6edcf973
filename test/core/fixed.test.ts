import { describe, expect, it } from 'vitest';
import { formatFixed } from '../../src/core/fixed.ts';

describe('formatFixed', () => {
  // What Go's fmt prints.
  it.each([
    [1.3125, 3, '1.312'],
    [1.4375, 3, '1.438'],
    [1.25, 1, '1.2'],
    [1.75, 1, '1.8'],
    [10.5, 0, '10'],
    [11.5, 0, '12'],
    [0.5, 0, '0'],
  ])('a tie goes to the even digit: %d with %d digits', (value, digits, text) => {
    expect(formatFixed(value, digits)).toBe(text);
  });

  it.each([
    [1.3126, 3, '1.313'],
    [1.0005, 3, '1.000'],
    [9.96, 1, '10.0'],
    [0, 1, '0.0'],
    [1023.9990234375, 3, '1023.999'],
  ])('the rest goes to the nearest: %d with %d digits', (value, digits, text) => {
    expect(formatFixed(value, digits)).toBe(text);
  });
});
