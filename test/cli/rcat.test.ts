import { expect, it } from 'vitest';
import { createBench } from './run.ts';

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
