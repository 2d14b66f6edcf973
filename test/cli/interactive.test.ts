import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { createBench, readTree, writeTree } from './run.ts';

const bench = createBench('interactive');
writeTree(bench.path('from'), { a: 'alpha', b: 'beta', c: 'gamma' });

let runs = 0;

/** Copies `from` to a new folder with --interactive, and gives these answers. */
async function copy(answers: readonly string[], terminal: boolean) {
  const to = `to-${++runs}`;
  const argv = [process.execPath, programPath, 'copy', '-i', '--transfers', '2', 'from', to];
  const talk = await converse(argv, answers, { terminal, cwd: bench.folder, env: { RCLONE_CONFIG: '/dev/null' } });
  return { ...talk, copied: existsSync(bench.path(to)) ? Object.keys(readTree(bench.path(to))).length : 0 };
}

describe.each([true, false])('--interactive (on a terminal: %s)', (terminal) => {
  it('copies what the user agrees to', async () => {
    const { code, copied, left } = await copy(['y', 'what?', 'n', ''], terminal);
    expect({ code, copied, left }).toEqual({ code: 0, copied: 2, left: [] });
  });

  it.each([
    ['!', 3],
    ['s', 0],
  ])('asks no more after %s', async (answer, expected) => {
    const { code, copied, screen } = await copy([answer], terminal);
    expect({ code, copied }).toEqual({ code: 0, copied: expected });
    expect(screen.split('q) Exit coffer now.')).toHaveLength(2);
  });

  it('ends at q, and asks no more', async () => {
    const { code, copied, screen } = await copy(['y', 'q'], terminal);
    expect({ code, copied }).toEqual({ code: 130, copied: 1 });
    expect(screen.split('q) Exit coffer now.')).toHaveLength(3);
  });

  it('is an error where nobody answers', async () => {
    const { code, copied, screen } = await copy([], terminal);
    expect({ code, copied }).toEqual({ code: 1, copied: 0 });
    expect(screen).toContain('--interactive needs somebody to answer');
  });
});

it('--interactive ends at Ctrl-C, whatever is being asked', async () => {
  const { code, copied } = await copy(['\x03'], true);
  expect({ code, copied }).toEqual({ code: 130, copied: 0 });
});

it('--interactive asks no more after ! where the command is run again', async () => {
  await bench.coffer(['copy', 'from', 'secret:']);
  const sealed = readTree(bench.path('sealed'));
  for (const name of Object.keys(sealed)) writeFileSync(bench.path(`sealed/${name}`), Buffer.alloc(64, 'RCLONE\0\0'));
  const argv = [process.execPath, programPath, 'copy', '-i', '--retries', '2', 'secret:', 'again'];
  const env = { RCLONE_CONFIG: bench.path('rclone.conf') };
  const { screen } = await converse(argv, ['!'], { terminal: true, cwd: bench.folder, env });
  expect(screen).toContain('Attempt 2/2 failed');
  expect(screen.split('q) Exit coffer now.')).toHaveLength(2);
});
