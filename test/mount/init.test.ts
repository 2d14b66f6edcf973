import { describe, expect, test } from 'vitest';
import { answerInit } from '../../src/mount/init.ts';
import { initFlags } from '../../src/mount/protocol/flags.ts';
import { fuse_init_out } from '../../src/mount/protocol/messages.ts';

const all = 0xffffffff;
const answer = (major: number, minor: number, flags = all) =>
  fuse_init_out.decode(answerInit({ major, minor, max_readahead: 131072, flags }));

describe('the first words with the kernel', () => {
  test('a present kernel sends a mebibyte at once', () => {
    expect(answer(7, 44)).toMatchObject({ major: 7, minor: 31, max_write: 1 << 20, max_pages: 256, time_gran: 1 });
    expect(answer(7, 44)).toMatchObject({ max_readahead: 131072, max_background: 64, congestion_threshold: 48 });
  });

  test('nothing is asked for that the kernel did not offer', () => {
    expect(answer(7, 31, 0)).toMatchObject({ flags: 0, max_write: 131072, max_pages: 0 });
    const offered = initFlags.FUSE_ATOMIC_O_TRUNC | initFlags.FUSE_BIG_WRITES | (1 << 16);
    expect(answer(7, 31, offered).flags).toBe(initFlags.FUSE_ATOMIC_O_TRUNC | initFlags.FUSE_BIG_WRITES);
  });

  test('an older kernel is answered in its own version, one too old not at all', () => {
    expect(answer(7, 27).minor).toBe(27);
    expect(() => answer(7, 22)).toThrow('this kernel speaks FUSE 7.22');
    expect(() => answer(6, 99)).toThrow('this kernel speaks FUSE 6.99');
  });

  test('a kernel of a later major version is asked to speak ours', () => {
    expect(answer(8, 1).major).toBe(7);
  });
});
