import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

// Root may write everywhere: that of another user.
const nobody = 65534;

test('in a clone that another user has built, it says so before it does anything', () => {
  const clone = mkdtempSync(join(tmpdir(), 'coffer-quickstart-'));
  onTestFinished(() => rmSync(clone, { recursive: true }));
  for (const folder of ['scripts', 'dist']) mkdirSync(join(clone, folder));
  for (const folder of [clone, join(clone, 'scripts')]) chmodSync(folder, 0o777);
  copyFileSync(resolve('scripts/quickstart'), join(clone, 'scripts/quickstart'));
  const { status, stdout, stderr } = spawnSync(join(clone, 'scripts/quickstart'), {
    uid: nobody,
    gid: nobody,
    encoding: 'utf8',
  });
  expect(stderr).toContain(`cannot write to ${clone}/dist: make a clone of your own, or: sudo chown -R`);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});

test.each([
  ['node', []],
  ['npm', ['node']],
])('where there is no %s, it says what is needed', (missing, present) => {
  const programs = mkdtempSync(join(tmpdir(), 'coffer-quickstart-'));
  onTestFinished(() => rmSync(programs, { recursive: true }));
  for (const name of ['bash', 'dirname']) symlinkSync(`/usr/bin/${name}`, join(programs, name));
  for (const name of present) symlinkSync(process.execPath, join(programs, name));
  const { status, stderr } = spawnSync('scripts/quickstart', { env: { PATH: programs }, encoding: 'utf8' });
  expect(stderr).toBe(
    `quickstart: there is no ${missing}: coffer needs Node 20.19 or newer with npm, from https://nodejs.org\n`,
  );
  expect(status).toBe(1);
});
