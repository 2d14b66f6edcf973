import { formatFixed } from '../../core/fixed.ts';

/** A count with a decimal suffix: `117`, `1.234k`, `2M`. Same as rclone's fs.CountSuffix. */
export function formatCount(count: number): string {
  const suffixes = ['', 'k', 'M', 'G', 'T', 'P'];
  let scaled = count;
  let power = 0;
  for (; scaled >= 1000 && power < suffixes.length - 1; power++) scaled = count / 1000 ** (power + 1);
  return `${Number.isInteger(scaled) ? scaled : formatFixed(scaled, 3)}${suffixes[power]}`;
}
