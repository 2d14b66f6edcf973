import { describe, expect, it } from 'vitest';
import { createBench, readTree, writeTree } from './run.ts';

const bench = createBench('bandwidth');
const content = 'twelve bytes'.repeat(16_384);
writeTree(bench.path('src'), { a: content, 'dir/b': content });

// 384 KiB at 192 KiB a second, less what the time before the first byte allows.
const least = 1_000;

describe('what a limit holds back arrives whole', () => {
  it.each([
    ['copy src to', ['copy', 'src', 'copied', '--bwlimit', '192k']],
    ['sync to crypt', ['sync', 'src', 'secret:sealed', '--bwlimit', '192k:192k']],
    ['a timetable', ['copy', 'src', 'timed', '--bwlimit', '00:00,192k 12:00,192k']],
    ['each file by itself', ['copy', 'src', 'filed', '--bwlimit-file', '96k']],
    ['copyto', ['copyto', 'src', 'named', '--bwlimit', '192k']],
  ])('%s', async (_, line) => {
    const since = performance.now();
    const { code, stderr } = await bench.coffer(line);
    expect(code, stderr).toBe(0);
    expect(performance.now() - since).toBeGreaterThan(least);
    const target = line[2] as string;
    const check = await bench.rclone(['check', '--download', 'src', target]);
    expect(check.code, check.stderr).toBe(0);
  });

  it('many files at a time, without a word', async () => {
    writeTree(
      bench.path('many'),
      Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`f${index}`, 'x'.repeat(64)])),
    );
    const { code, stderr } = await bench.coffer(['copy', 'many', 'arrived', '--transfers', '24', '--bwlimit', '2k']);
    expect([code, stderr]).toEqual([0, '']);
    expect(readTree(bench.path('arrived'))).toEqual(readTree(bench.path('many')));
  });

  it('cat and rcat', async () => {
    const since = performance.now();
    const { stdout } = await bench.coffer(['cat', 'src', '--bwlimit', '192k']);
    expect(stdout).toBe(content + content);
    expect(performance.now() - since).toBeGreaterThan(least);
    const again = performance.now();
    expect((await bench.coffer(['rcat', 'piped/a', '--bwlimit', '96k'], { input: content })).code).toBe(0);
    expect(performance.now() - again).toBeGreaterThan(least);
    expect(readTree(bench.path('piped'))).toEqual({ a: content });
  });

  it('by the environment', async () => {
    const since = performance.now();
    await bench.coffer(['copy', 'src', 'by-variable'], { env: { RCLONE_BWLIMIT: '192k' } });
    expect(performance.now() - since).toBeGreaterThan(least);
  });

  it.each(['off', '0', '10G', '10G:off'])('%s holds nothing back', async (rate) => {
    const { code } = await bench.same(['copy', 'src', 'quick', '--bwlimit', rate, '--bwlimit-file', rate]);
    expect(code).toBe(0);
    expect(readTree(bench.path('quick'))).toEqual(readTree(bench.path('src')));
  });
});

describe('what is no rate is refused as by rclone, and nothing is changed', () => {
  it.each(['', 'fast', '10M:', '10M 5M', '08:00,5 x', '25:00,10M', 'foo-08:00,5', '08:00,1M,2M'])(
    '"%s"',
    async (rate) => {
      for (const flag of ['--bwlimit', '--bwlimit-file']) {
        const { code, stderr } = await bench.same(['copy', 'src', 'refused', flag, rate]);
        expect(code).toBe(1);
        expect(stderr).toContain(`invalid argument for ${flag}`);
      }
      expect((await bench.coffer(['ls', 'refused'])).code).toBe(3);
    },
  );
});
