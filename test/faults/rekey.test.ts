import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../servers/fault-proxy/rules.ts';
import { mustRun, peerEnvironment } from '../servers/run.ts';
import { bigSize, makeStage, type Stage, smallSize } from './stage.ts';

const object = /^(GET|PUT) \/.*\/data\/(?!\.coffer)[^?]/;
const upload = /^PUT \/.*\/data\/(?!\.coffer)/;

const rekey = ['rekey', '--generate', '--retries', '1', 'sealed:'];

/** The digest of the file as rclone reads it with the config as it is now, by the proxy's remote. */
async function readByRclone(stage: Stage): Promise<string> {
  stage.proxy.setRules([]);
  const line = await mustRun('rclone', ['hashsum', 'SHA-256', '--download', 'sealed:file'], { env: stage.env });
  return line.split(' ')[0] ?? '';
}

async function readByCoffer(stage: Stage): Promise<string> {
  stage.proxy.setRules([]);
  const { stdout } = await stage.coffer('hashsum', 'sha256', '--download', 'sealed:file');
  return stdout.split(' ')[0] ?? '';
}

/** Runs coffer and kills it a moment after a fault has befallen one of its requests. */
async function killed(stage: Stage, args: readonly string[]): Promise<void> {
  const [program = '', ...first] = stage.command;
  const env = { ...peerEnvironment(), ...stage.env };
  const child = spawn(program, [...first, ...args], { env, stdio: 'ignore' });
  const exit = once(child, 'exit');
  while (stage.proxy.stats().faults.length === 0 && child.exitCode === null) await sleep(20);
  await sleep(200);
  child.kill('SIGKILL');
  await exit;
}

/** The options of `sealed:` that are passwords. */
async function passwordsIn({ env }: Stage): Promise<readonly string[]> {
  const [, section = ''] = /\[sealed\]\n([^[]*)/.exec(await readFile(env.RCLONE_CONFIG ?? '', 'utf8')) ?? [];
  return section.split('\n').filter((line) => /^\w*password2? /.test(line));
}

const stores = ['swift-v1', 'ceph-s3'] as const;

describe.each(stores)('a rekey on %s', (store) => {
  test('of a file in segments leaves the new one, which rclone reads, and no segment of the old', async () => {
    await using stage = await makeStage(store, bigSize);
    await stage.seed();
    const before = (await stage.leftovers()).length;
    const { code, stderr } = await stage.coffer(...rekey);
    expect(code, stderr).toBe(0);
    expect(await readByRclone(stage)).toBe(stage.digest);
    expect(await stage.leftovers()).toHaveLength(before);
    // Nothing opens with the old passwords.
    expect(await mustRun('rclone', ['lsf', '-R', '--files-only', 'direct-sealed:'], { env: stage.env })).toBe('');
  });

  test('that is killed half-way through an upload loses nothing, and goes on', async () => {
    await using stage = await makeStage(store, bigSize);
    await stage.seed();
    stage.proxy.setRules([{ match: upload, nth: 2, speedUp: 1_000_000 }]);
    await killed(stage, rekey);
    expect(await readByCoffer(stage)).toBe(stage.digest);
    const { code, stderr } = await stage.coffer(...rekey);
    expect(code, stderr).toBe(0);
    expect(await readByRclone(stage)).toBe(stage.digest);
  });

  test('that is killed before the share has the new passwords renews it when it is run again, and does nothing else', async () => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    const key = join(stage.target, 'key');
    const [program = '', ...first] = stage.command;
    const must = (...args: string[]) => mustRun(program, [...first, ...args], { env: stage.env });
    await must('key', 'new', '--no-passphrase', '--key', key);
    await must('share', 'sealed:', '--key', key, '--to', `${key}.pub`, '--publish');
    stage.proxy.setRules([{ match: /^PUT \/.*\.coffer-share/, stallUp: 0 }]);
    await killed(stage, [...rekey, '--key', key]);
    stage.proxy.setRules([]);
    const objects = await must('lsf', '-R', 'sealed:', '--format', 'pt');
    const passwords = await passwordsIn(stage);
    expect(passwords).toHaveLength(4);
    await must(...rekey, '--key', key);
    expect(await must('lsf', '-R', 'sealed:', '--format', 'pt')).toBe(objects);
    expect(await passwordsIn(stage)).toEqual(passwords.filter((line) => !line.startsWith('previous_')));
    expect(await readByRclone(stage)).toBe(stage.digest);
  });
});

test('a rekey of names in the clear replaces a file in segments in its place', async () => {
  await using stage = await makeStage('swift-v1', bigSize);
  const config = stage.env.RCLONE_CONFIG ?? '';
  await writeFile(config, (await readFile(config, 'utf8')).replaceAll('type = crypt', '$&\nfilename_encryption = off'));
  await stage.seed();
  const before = (await stage.leftovers()).length;
  const { code, stderr } = await stage.coffer(...rekey);
  expect(code, stderr).toBe(0);
  expect(await readByRclone(stage)).toBe(stage.digest);
  expect(await stage.leftovers()).toHaveLength(before);
});

const faults: Readonly<Record<string, Rule>> = {
  'a reset connection': { resetDown: 100_000 },
  'a lost success': { statusAfter: 503 },
  'a changed byte on the way up': { corruptUp: 50_000 },
};

describe.each(stores)('a rekey on %s', (store) => {
  test.each(Object.entries(faults))('stands %s', async (_, fault) => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    stage.proxy.setRules([
      { ...fault, match: object, nth: 1 },
      { ...fault, match: upload, nth: 1 },
    ]);
    const { code, stderr } = await stage.coffer('rekey', '--generate', 'sealed:');
    expect(code, stderr).toBe(0);
    expect(await readByRclone(stage)).toBe(stage.digest);
  });

  test('fails when the store refuses to write, with everything as readable as before', async () => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    stage.proxy.setRules([{ match: upload, status: 507 }]);
    const { code, stderr } = await stage.coffer(...rekey, '--low-level-retries', '2');
    expect(code, stderr).not.toBe(0);
    expect(stderr).toContain('file: Failed to re-encrypt');
    expect(await stage.stored()).toBe(stage.digest);
    expect(await readByCoffer(stage)).toBe(stage.digest);
    expect((await stage.coffer(...rekey)).code).toBe(0);
    expect(await readByRclone(stage)).toBe(stage.digest);
  });
});
