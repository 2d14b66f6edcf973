import { expect, it } from 'vitest';
import { statsText } from '../../src/cli/stats.ts';
import { createProgress } from '../../src/transfer/progress.ts';

const style = {
  'stats-one-line': false,
  'stats-one-line-date': false,
  'stats-unit': 'bytes',
  'stats-file-name-length': 45,
} as const;

it.each([
  [0, '0.0s'],
  [59_999, '59.9s'],
  [60_000, '1m0.0s'],
  [119_970, '1m59.9s'],
  [3_599_999, '59m59.9s'],
  [3_600_000, '1h0m0.0s'],
  [90_061_500, '25h1m1.5s'],
])('%s milliseconds are shown as rclone shows them: %s', (elapsed, shown) => {
  let time = 0;
  const progress = createProgress(() => time);
  time = elapsed;
  expect(statsText(progress, style, '', () => new Date())).toContain(`Elapsed time:  ${shown.padStart(11)}\n`);
});
