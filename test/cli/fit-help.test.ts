import { describe, expect, test } from 'vitest';
import { fitHelp } from '../../src/cli/fit-help.ts';
import { backendHelp, commandHelp, globalFlagsHelp, overview } from '../../src/cli/help.ts';
import { commands } from '../../src/cli/table.ts';

const text = `Copies a folder, or one
file, to another place.

    coffer copy job_6 allas-crypt:job_6    # encrypts it
    coffer copy short                      # all
    coffer ls    # that fits

Flags:
  -P, --progress   Show progress during the transfer
      --stats-file-name-length int   Max file name length in stats
`;

describe.each([
  [Number.POSITIVE_INFINITY, text],
  [
    44,
    `Copies a folder, or one
file, to another place.

    # encrypts it
    coffer copy job_6 allas-crypt:job_6
    # all
    coffer copy short
    # that fits
    coffer ls

Flags:
  -P, --progress   Show progress during the
                   transfer
      --stats-file-name-length int
          Max file name length in stats
`,
  ],
])('in %s columns', (columns, fitted) => {
  test('a help text breaks between words, and its commands nowhere', () => {
    expect(fitHelp(text, columns)).toBe(fitted);
  });
});

test('prose that is too wide is filled, and stays a paragraph', () => {
  expect(fitHelp('one two three\nfour\n\nfive six\n', 10)).toBe('one two\nthree four\n\nfive six\n');
});

test.each([60, 80])('no help is wider than %s columns but for commands and what cannot be broken', async (columns) => {
  const texts = [await overview(commands), globalFlagsHelp()];
  for (const [name, load] of commands) texts.push(await commandHelp(name, (await load()).command));
  for (const type of ['crypt', 'swift', 's3', 'local']) texts.push(await backendHelp(type));
  for (const wide of texts) {
    const fitted = fitHelp(wide, columns);
    expect(words(fitted)).toEqual(words(wide));
    for (const line of fitted.split('\n')) {
      const isBreakable = !line.startsWith('    ') && line.trim().includes(' ');
      if (isBreakable) expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  }
});

function words(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '#')
    .sort();
}
