import { expect, it } from 'vitest';
import { createBench, writeTree } from './run.ts';

const bench = createBench('rcat');

// Below the cut-off the bytes are gathered first, above it they go to the store as they come.
it.each([
  ['gathered', []],
  ['streamed', ['--streaming-upload-cutoff', '20b']],
] as const)('rcat stores what a pipe brings line by line as it came, %s', async (name, flags) => {
  const lines = Array.from({ length: 12 }, (_, i) => `line ${i}\n`);
  for (const place of [name, `secret:${name}`]) {
    const { code, stderr } = await bench.coffer(['rcat', place, ...flags], { input: lines });
    expect(code, stderr).toBe(0);
    expect((await bench.coffer(['cat', place])).stdout).toBe(lines.join(''));
  }
});

it('a file never takes the place of an alias', async () => {
  writeTree(bench.folder, { source: 'x' });
  for (const target of [':alias,remote=unborn:', ':alias,remote=unborn:.', ':alias,remote="secret:unborn":']) {
    expect((await bench.coffer(['rcat', target], { input: 'x' })).code).toBe(1);
    expect((await bench.coffer(['copyto', 'source', target])).code).toBe(1);
  }
  expect((await bench.coffer(['lsf', '.'])).stdout).not.toContain('unborn');
  expect((await bench.coffer(['lsf', 'secret:'])).stdout).not.toContain('unborn');
});
