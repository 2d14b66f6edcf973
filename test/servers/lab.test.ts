import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { RemoteName } from './lab.ts';
import { requirePeer } from './peers.ts';
import { configText, swiftV1 } from './remotes.ts';
import { mustRun, run } from './run.ts';
import { startSwift } from './swift.ts';

const { remotes } = inject('lab');
let folder: string;

beforeAll(async () => {
  requirePeer('rclone');
  folder = await mkdtemp(join(tmpdir(), 'coffer-lab-test-'));
  await writeFile(join(folder, 'rclone.conf'), configText(remotes));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rclone = (...args: string[]) => run('rclone', ['--config', join(folder, 'rclone.conf'), ...args]);

test.each(Object.keys(remotes) as RemoteName[])('rclone stores, lists and reads an object through %s', async (name) => {
  const object = `${name}:lab-${name}/folder/hello`;
  const put = await run('rclone', ['--config', join(folder, 'rclone.conf'), 'rcat', object], { input: 'hello' });
  expect(put.code, put.stderr).toBe(0);
  expect((await rclone('lsf', '-R', '--files-only', `${name}:lab-${name}`)).stdout).toBe('folder/hello\n');
  expect((await rclone('cat', object)).stdout).toBe('hello');
  expect((await rclone('purge', `${name}:lab-${name}`)).code).toBe(0);
});

test('a Swift of its own obeys its limits', async () => {
  await using swift = await startSwift({ maxFileSize: 1000, listingLimit: 10 });
  const config = join(folder, 'limits.conf');
  await writeFile(config, configText({ small: swiftV1(swift.access) }));
  await mustRun('rclone', ['--config', config, 'mkdir', 'small:bucket']);
  const body = 'x'.repeat(1001);
  const put = await run('rclone', ['--config', config, 'rcat', '--swift-no-chunk', 'small:bucket/big'], {
    input: body,
  });
  expect(put.code).not.toBe(0);
  expect(put.stderr).toContain('Too Large Object');
});
