import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { programPath } from '../../program.ts';
import { createBench } from '../run.ts';

const bench = createBench('replaced');
const { coffer, path } = bench;
const size = { old: 100_000, new: 3_000_000 };
let runs = 0;
let gets = 0;
let bucket = '';

beforeAll(async () => {
  appendFileSync(path('rclone.conf'), '[allas]\ntype = alias\nremote = shelf\n');
  for (const age of ['old', 'new'] as const) {
    mkdirSync(path(age));
    writeFileSync(path(`${age}/data`), Buffer.alloc(size[age], age));
  }
  await coffer(['key', 'new', '--key', 'own.key', '--no-passphrase']);
});

const put = (age: string, to: string): string[] => [
  'put',
  `${age}/data`,
  '-b',
  to,
  '-e',
  'c4gh',
  '--pk',
  'own.key.pub',
];
const stored = (name: string): string => path(`shelf/${bucket}/${name}`);
const description = (): Buffer => readFileSync(stored('data.c4gh_ameta'));

async function expectToGet(age: 'old' | 'new'): Promise<void> {
  const out = `out-${++gets}`;
  const { code, stderr } = await coffer(['get', '-d', out, '--sk', 'own.key', `${bucket}/data.c4gh`]);
  expect(code, stderr).toBe(0);
  expect(readFileSync(path(`${out}/data`)).equals(readFileSync(path(`${age}/data`)))).toBe(true);
}

beforeEach(async () => {
  bucket = `bucket-${++runs}`;
  expect((await coffer(put('old', bucket))).code).toBe(0);
});

/** Ends a put that replaces the object while its bytes go up. */
async function endWhileReplacing(signal: NodeJS.Signals, ...flags: readonly string[]): Promise<void> {
  const before = description();
  const line = [programPath, ...put('new', bucket), '--override', '--bwlimit', '100k', ...flags];
  const child = spawn(process.execPath, line, {
    cwd: bench.folder,
    env: { ...process.env, RCLONE_CONFIG: path('rclone.conf') },
  });
  const ended = once(child, 'exit');
  const hasChanged = (): boolean => {
    try {
      return !description().equals(before);
    } catch {
      return true;
    }
  };
  await expect.poll(hasChanged, { timeout: 60_000, interval: 5 }).toBe(true);
  child.kill(signal);
  await ended;
}

describe('a Crypt4GH file that is being replaced', () => {
  it.each([[], ['--no-ameta']])('opens, old or new, whenever the put is killed: %j', async (...flags) => {
    await endWhileReplacing('SIGKILL', ...flags);
    await expectToGet('old');
    // As if it had been killed after the object.
    await coffer(put('new', 'elsewhere'));
    copyFileSync(path('shelf/elsewhere/data.c4gh'), stored('data.c4gh'));
    await expectToGet('new');
    expect((await coffer([...put('new', bucket), '--override'])).code).toBe(0);
    await expectToGet('new');
  });

  it('keeps its description when the put fails', async () => {
    const before = description();
    await endWhileReplacing('SIGINT');
    expect(description()).toEqual(before);
    await expectToGet('old');
  });
});
