import { beforeAll, expect, it } from 'vitest';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { createBench, writeTree } from './run.ts';

const bench = createBench('progress-view');
const names = Array.from({ length: 8 }, (_, i) => `a-folder/sample-with-a-rather-long-name-${i}.fastq`);
const redrawn = '\u001b[J';

beforeAll(() => writeTree(bench.path('many'), Object.fromEntries(names.map((name) => [name, 'x'.repeat(100_000)]))));

async function copy(target: string, environment: string): Promise<string> {
  const flags = '-P --stats-file-name-length 0 --transfers 8 --bwlimit 400k';
  const line = `stty cols 40 rows 10; ${environment} ${process.execPath} ${programPath} copy ${flags} many ${target}`;
  const { screen, code } = await converse(['sh', '-c', line], [], { terminal: true, cwd: bench.folder });
  expect(code, screen).toBe(0);
  return screen;
}

it('on a small terminal, what is redrawn fits, and the end is whole', async () => {
  // Above the first block stand lines of the log.
  const [, ...more] = (await copy('to', 'TERM=xterm')).split(redrawn);
  const end = more.pop() ?? '';
  expect(more.length).toBeGreaterThan(0);
  for (const block of more.map((drawn) => drawn.replace(/\r\u001b\[\d+A$/, ''))) {
    const lines = block.split('\n');
    expect(lines.length).toBeLessThanOrEqual(10);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
  }
  expect(end).toMatch(/^Transferred: .* 781\.250 KiB \/ 781\.250 KiB, 100%, .*, ETA 0s$/m);
  expect(end).toMatch(/^Elapsed time:/m);
});

it('on a dumb terminal it stands once, at the end', async () => {
  const screen = await copy('again', 'TERM=dumb');
  expect(screen).not.toContain('\u001b');
  expect(screen.match(/^Elapsed time:/gm)).toHaveLength(1);
});
