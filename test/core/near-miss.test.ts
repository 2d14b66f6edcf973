import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/core/near-miss.ts';

describe('didYouMean', () => {
  it.each([
    ['a letter too many', 'copyy', 'copy'],
    ['a letter left out', 'alas-crypt', 'allas-crypt'],
    ['another letter', 'allas_crypt', 'allas-crypt'],
    ['two letters swapped', 'allsa', 'allas'],
    ['other case', 'ALLAS', 'allas'],
    ['the beginning of a word', 'crypt', 'cryptcheck'],
    ['two slips in a long word', 'alas-crpt', 'allas-crypt'],
  ])('finds the word behind %s', (_, typed, meant) => {
    expect(didYouMean(typed, ['ls', 'copy', 'copyto', 'allas', 'allas-crypt', 'cryptcheck'])).toBe(
      `did you mean "${meant}"? `,
    );
  });

  it.each(['', 'x', 'lx', 'rclone', 'backup'])('guesses nothing for %j', (typed) => {
    expect(didYouMean(typed, ['ls', 'rm', 'copy', 'allas', 'x-ray'])).toBe('');
  });

  it('prefers the nearest word, and of two the first', () => {
    expect(didYouMean('copyt', ['copx', 'copyto', 'copy'])).toBe('did you mean "copyto"? ');
    expect(didYouMean('allax', ['allas', 'allay'])).toBe('did you mean "allas"? ');
  });
});
