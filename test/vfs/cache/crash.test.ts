import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { silentReport } from '../../../src/core/report.ts';
import { createLocalRemote } from '../../../src/remotes/local/local.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { recordingReport } from '../../remotes/local/folder.ts';
import { defaultSettings } from '../../remotes/local/settings.ts';
import { all, cacheFolder, never, openStore, readFile } from './bench.ts';
import { buildProgram, programEnvironment } from './program.ts';
import { fileAfter } from './random.ts';

let writer: string;
beforeAll(() => {
  writer = buildProgram('crash-writer');
});

function start(cache: string, sealed: string, seed: number): ChildProcess {
  return spawn(process.execPath, [writer, cache, sealed, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: programEnvironment,
  });
}

/** What it said before it was killed: file → writes that it was promised. */
async function killAfter(child: ChildProcess, milliseconds: number): Promise<Map<number, number>> {
  let told = '';
  child.stdout?.on('data', (data) => {
    if (told === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
    told += data;
  });
  await once(child, 'close');
  const promised = new Map<number, number>();
  for (const line of told.split('\n').slice(0, -1)) {
    const [file = 0, writes = 0] = line.split(' ').map(Number);
    promised.set(file, writes);
  }
  return promised;
}

const rounds = Array.from({ length: 5 }, () => Math.floor(Math.random() * 1e6));

test.each(rounds)('what was closed or synced before a SIGKILL is uploaded by the next run, seed %d', async (seed) => {
  const folder = cacheFolder();
  const disk = join(cacheFolder(), 'sealed');
  mkdirSync(disk);
  const promised = await killAfter(start(folder, disk.slice(1), seed), Math.random() * 400);
  const remote = await cryptOver({ remote: createLocalRemote(defaultSettings, silentReport), path: disk.slice(1) });
  const { report, lines } = recordingReport();
  const store = await openStore(remote, folder, { writeBack: never }, report);
  expect(promised.size).toBeGreaterThan(0);
  expect(lines()).toMatch(/left by an earlier mount will be uploaded/);

  const found = new Map(store.recovered().map((content) => [content.path, content]));
  const expected = new Map<string, Uint8Array>();
  for (const [file, writes] of promised) {
    const content = found.get(`file-${file}`);
    expect(content, `file ${file}`).toBeDefined();
    if (!content) continue;
    content.retain();
    const bytes = await all(content);
    // The next close may have come through and not been told.
    const counts = Array.from({ length: 7 }, (_, more) => writes + more);
    const count = counts.find((more) => Buffer.compare(fileAfter(seed, file, more), bytes) === 0);
    expect(count, `file ${file} has none of the states after its ${writes} writes`).toBeDefined();
    expected.set(content.path, bytes);
    await content.release();
  }
  await store.drain();
  for (const [path, bytes] of expected) expect(Buffer.compare(await readFile(remote, path), bytes), path).toBe(0);
  await store[Symbol.asyncDispose]();

  const again = await openStore(remote, folder, { writeBack: never });
  expect(again.recovered()).toEqual([]);
  await again[Symbol.asyncDispose]();
});
