import { beforeAll, expect, it } from 'vitest';
import { displayWidth } from '../../src/cli/display-width.ts';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { createBench, writeTree } from './run.ts';

const bench = createBench('progress-view');
const names = Array.from({ length: 8 }, (_, i) => `a-folder/sample-with-a-rather-long-name-${i}.fastq`);
const redrawn = '\u001b[J';

beforeAll(() => writeTree(bench.path('many'), Object.fromEntries(names.map((name) => [name, 'x'.repeat(100_000)]))));

interface Copied {
  readonly source?: string;
  /** What else the terminal's shell does at the same time. */
  readonly meanwhile?: string;
}

async function copy(
  target: string,
  environment: string,
  { source = 'many', meanwhile = ':' }: Copied = {},
): Promise<string> {
  const flags = '-P --stats-file-name-length 0 --transfers 8 --bwlimit 400k';
  const program = `${environment} ${process.execPath} ${programPath} copy ${flags} ${source} ${target}`;
  const line = `stty cols 40 rows 10; { ${meanwhile}; } & ${program}; exit $?`;
  const { screen, code } = await converse(['sh', '-c', line], [], { terminal: true, cwd: bench.folder });
  expect(code, screen).toBe(0);
  return screen;
}

/** A block without the start of what erases it. */
function withoutErasing(block: string): string {
  return block.replace(/\r\u001b\[\d+A$/, '').trimEnd();
}

it('on a small terminal, what is redrawn fits, and the end is whole', async () => {
  // Above the first block stand lines of the log.
  const [, ...more] = (await copy('to', 'TERM=xterm')).split(redrawn);
  const end = more.pop() ?? '';
  expect(more.length).toBeGreaterThan(0);
  for (const block of more.map(withoutErasing)) {
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

it('characters that take two columns are counted as two', async () => {
  const files = [
    '研究資料研究資料研究資料研究資料',
    '🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬🧬',
    'ｗｉｄｅ 한국어 ひらがな ❤️❤️❤️❤️❤️❤️❤️❤️',
  ];
  await writeTree(bench.path('wide'), Object.fromEntries(files.map((name) => [name, 'x'.repeat(250_000)])));
  const blocks = (await copy('to-wide', 'TERM=xterm', { source: 'wide' }))
    .split(redrawn)
    .slice(1, -1)
    .map(withoutErasing);
  const lines = blocks.flatMap((block) => block.split('\n'));
  for (const name of files)
    expect(lines.filter((line) => line.includes(name.slice(0, 10))).length, name).toBeGreaterThan(0);
  for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(40);
});

it('where the window has become narrower, the rows that wrapped are erased too', async () => {
  const screen = await copy('to-narrow', 'TERM=xterm', { meanwhile: 'sleep 1; stty -F /dev/tty cols 20' });
  const parts = screen.split(redrawn);
  const narrow = parts.findIndex((part, index) => index > 0 && !/.{21}/.test(withoutErasing(part)));
  const before = withoutErasing(parts[narrow - 1] ?? '')
    .replace(/^.*\n(?=Transferred: +\t)/s, '')
    .split('\n');
  const up = Number(/\r\u001b\[(\d+)A$/.exec(parts[narrow - 1] ?? '')?.[1]);
  expect(before.some((line) => line.length > 20)).toBe(true);
  expect(up).toBe(before.reduce((rows, line) => rows + Math.ceil(line.length / 20), 0));
});

it('what the shell has written after Ctrl-Z is not erased', async () => {
  const said = 'Stopped, and gone on';
  const meanwhile = `sleep 1; kill -STOP $(cat pid); echo '${said}'; kill -CONT $(cat pid)`;
  const environment = `sh -c 'echo $$ > pid; exec "$@"' sh env TERM=xterm`;
  const screen = await copy('to-stopped', environment, { meanwhile });
  const [blockBelow = ''] = (screen.split(`${said}\n`)[1] ?? '').split(redrawn);
  expect(blockBelow).toMatch(/^Elapsed time:/m);
});
