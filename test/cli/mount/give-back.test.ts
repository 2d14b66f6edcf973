import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { makeScratch } from '../../scratch.ts';
import { mustRun } from '../../servers/run.ts';

/** Prints how many MiB a process keeps of 64 buffers of a MiB that it has let go, between small ones and after a larger one. */
const program = `
  giveBackBuffers();
  let large = Buffer.alloc(24 << 20, 1);
  large = null;
  await collect();
  const small = [];
  let buffers = [];
  for (let i = 0; i < 64; i++) {
    buffers.push(Buffer.alloc(1 << 20, 1));
    small.push(Buffer.alloc(20_000, 1));
  }
  const before = process.memoryUsage().rss;
  buffers = null;
  await collect();
  console.log(64 - (before - process.memoryUsage().rss) / 2 ** 20, small.length);

  async function collect() {
    for (let i = 0; i < 3; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
`;

test('a buffer of a MiB goes back to the system when it is let go, whatever lies beside it', async () => {
  const outfile = join(makeScratch(), 'give-back.mjs');
  const source = `import { giveBackBuffers } from './src/cli/mount/give-back.ts';\n${program}`;
  const root = join(import.meta.dirname, '../../..');
  const stdin = { contents: source, resolveDir: root, loader: 'ts' as const };
  buildSync({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', external: ['koffi'], logLevel: 'error' });
  const env = { NODE_PATH: join(root, 'node_modules') };
  const kept = Number.parseFloat(await mustRun(process.execPath, ['--expose-gc', outfile], { env }));
  expect(kept).toBeLessThan(16);
});
