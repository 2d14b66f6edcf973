import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programPath } from './program.ts';
import { type Result, run } from './servers/run.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coffer-launch-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'file'), 'text');
});

afterEach(() => rmSync(folder, { recursive: true }));

function runNode(...args: readonly string[]): Promise<Result> {
  return run(process.execPath, args, { cwd: folder, env: { RCLONE_CONFIG: '/dev/null' } });
}

test.each([[['lsf', 'data']], [['--retries', '1', 'lsf', 'data']], [['hashsum', 'md5', 'data']]])(
  '%j finds the program that has its command',
  async (line) => {
    const { code, stdout, stderr } = await runNode(programPath, ...line);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('file');
  },
);

test('mount(8) may call us with a source that is named like a command', async () => {
  const link = join(folder, 'mount.coffer');
  symlinkSync(programPath, link);
  const { code, stderr } = await runNode(link, 'copy', join(folder, 'missing'));
  expect(code).toBe(1);
  expect(stderr).toContain('there is no such folder to mount on');
});

test("listing a folder loads none of Node's dear modules", async () => {
  const script = `
    const before = new Set(process.moduleLoadList);
    process.argv = [process.execPath, '${programPath}', 'lsf', 'data'];
    process.on('exit', () => {
      const loaded = process.moduleLoadList.filter((name) => !before.has(name)).map((name) => name.split(' ').at(-1));
      console.error(JSON.stringify(loaded));
    });
    require('${programPath}');`;
  const { code, stdout, stderr } = await runNode('-e', script);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'file\n' });
  const dear = ['child_process', 'crypto', 'fs/promises', 'module', 'os', 'perf_hooks', 'stream', 'worker_threads'];
  const loaded: readonly string[] = JSON.parse(stderr);
  expect(loaded.filter((name) => dear.includes(name))).toEqual([]);
});
