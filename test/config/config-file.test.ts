import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { takeLock } from '../../src/config/lock.ts';
import { run } from '../servers/run.ts';
import { openFile, openWith } from './open.ts';
import { rcloneDump, testFolder, writeConfig } from './rclone.ts';

const folder = testFolder('file');
const writer = join(folder, 'writer.mjs');
const plain = '# mine\n[a]\ntype = alias\nremote = /tmp\n';
const more = new Map([['type', 'alias']]);
const isRoot = process.getuid?.() === 0;

beforeAll(async () => {
  const entryPoints = [join(import.meta.dirname, 'writer.ts')];
  const external = ['koffi', 'sodium-native'];
  await build({
    entryPoints,
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external,
  });
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
});

const mode = (path: string): number => statSync(path).mode & 0o777;

/** A folder of its own, so that what else is in it can be looked at. */
function ownFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

describe('a config file is changed', () => {
  test('and what is opened afterwards knows it', async () => {
    const file = openFile(writeConfig(ownFolder('change'), plain));
    const before = await file.read();
    expect(await file.read()).toBe(before);
    expect(
      await file.update((draft) => {
        draft.set('b', more);
        return draft.sections();
      }),
    ).toEqual(['a', 'b']);
    expect((await file.read()).sections()).toEqual(['a', 'b']);
    expect(before.sections()).toEqual(['a']);
  });

  test('or not at all: when nothing changes and when the change throws', async () => {
    const path = writeConfig(ownFolder('nothing'), plain);
    const { ino } = statSync(path);
    await openFile(path).update((draft) => draft.set('a', more));
    const failing = openFile(path).update((draft) => {
      draft.remove('a');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(statSync(path).ino).toBe(ino);
    expect(readFileSync(path, 'utf8')).toBe(plain);
    expect(readdirSync(join(path, '..'))).toEqual(['rclone.conf']);
  });

  test('and is made, with its folders, for nobody else to read', async () => {
    const path = join(folder, 'new', 'deep', 'rclone.conf');
    await openFile(path).update((draft) => draft.set('b', more));
    expect([mode(path), mode(join(path, '..')), mode(join(folder, 'new'))]).toEqual([0o600, 0o700, 0o700]);
    expect(await rcloneDump(path)).toEqual({ b: { type: 'alias' } });
  });

  test('unless it is a device without an end', async () => {
    const update = openFile('/dev/full').update((draft) => draft.set('b', more));
    await expect(update).rejects.toThrow('config file /dev/full is a device');
  });

  test('unless there can be no such folder', async () => {
    const update = openFile('/proc/nowhere/rclone.conf').update((draft) => draft.set('b', more));
    await expect(update).rejects.toThrow('cannot make the folder of config file /proc/nowhere/rclone.conf: ENOENT');
  });

  test.each([
    ['is readable by others', 0o644, 0o600],
    ["is its owner's already", 0o600, 0o600],
    ['is stricter', 0o400, 0o400],
  ])("and its mode %s: it is its owner's afterwards", async (_, before, after) => {
    const path = writeConfig(folder, plain, `${before}.conf`);
    chmodSync(path, before);
    await openFile(path).update((draft) => draft.set('b', more));
    expect(mode(path)).toBe(after);
  });

  test('behind a symbolic link, which stays one', async () => {
    const home = ownFolder('links');
    const target = join(home, 'dotfiles', 'rclone.conf');
    mkdirSync(join(home, 'dotfiles'));
    symlinkSync('dotfiles/rclone.conf', join(home, 'second'));
    symlinkSync(join(home, 'second'), join(home, 'first'));
    for (const name of ['b', 'c']) await openFile(join(home, 'first')).update((draft) => draft.set(name, more));
    expect(lstatSync(join(home, 'first')).isSymbolicLink()).toBe(true);
    expect(lstatSync(target).isFile()).toBe(true);
    expect((await openFile(target).read()).sections()).toEqual(['b', 'c']);
  });

  test('behind a symbolic link that leads up from a folder which is one itself', async () => {
    const home = ownFolder('linked-folder');
    const target = join(home, 'dotfiles', 'secret', 'rclone.conf');
    mkdirSync(join(home, 'dotfiles', 'rclone'), { recursive: true });
    mkdirSync(join(home, 'dotfiles', 'secret'));
    writeFileSync(target, plain);
    symlinkSync('../secret/rclone.conf', join(home, 'dotfiles', 'rclone', 'rclone.conf'));
    symlinkSync('dotfiles/rclone', join(home, 'config'));
    await openFile(join(home, 'config', 'rclone.conf')).update((draft) => draft.set('b', more));
    expect(readFileSync(target, 'utf8')).toContain('[b]');
    expect(readdirSync(home).sort()).toEqual(['config', 'dotfiles']);
  });

  test("and stays its owner's, also when root does it", async () => {
    const path = writeConfig(folder, plain, 'owned.conf');
    const { uid, gid } = isRoot ? { uid: 1234, gid: 1235 } : statSync(path);
    chownSync(path, uid, gid);
    await openFile(path).update((draft) => draft.set('b', more));
    expect(statSync(path)).toMatchObject({ uid, gid });
  });

  test('unless a program that knows no lock changes it meanwhile', async () => {
    const path = writeConfig(folder, plain, 'meanwhile.conf');
    const update = openFile(path).update((draft) => {
      writeFileSync(path, '[other]\n');
      draft.remove('a');
    });
    await expect(update).rejects.toMatchObject({ kind: 'changed' });
    expect(readFileSync(path, 'utf8')).toBe('[other]\n');
  });

  test('never where it lives in memory only', async () => {
    const file = openFile('');
    expect(file.path).toBeNull();
    await expect(file.update((draft) => draft.set('b', more))).rejects.toMatchObject({ kind: 'usage' });
    await expect(file.seal({ password: 'x', kdf: 'rclone' })).rejects.toThrow('in memory only');
  });
});

test('what a killed process left half-written goes with the next change, and nothing else does', async () => {
  const home = ownFolder('leftovers');
  const path = writeConfig(home, plain);
  for (const end of ['.coffer-0123456789ab', '.coffer-backup', '.bak']) writeFileSync(path + end, 'half');
  await openFile(path).update((draft) => draft.set('b', more));
  expect(readdirSync(home).sort()).toEqual(['rclone.conf', 'rclone.conf.bak', 'rclone.conf.coffer-backup']);
});

test('touch makes an empty file and leaves one that is there', async () => {
  const path = join(ownFolder('touch'), 'rclone.conf');
  await openFile(path).touch();
  expect(readFileSync(path, 'utf8')).toBe('');
  writeFileSync(path, plain);
  await openFile(path).touch();
  expect(readFileSync(path, 'utf8')).toBe(plain);
});

describe('several processes', () => {
  test.each(['plain', 'sealed'])('lose none of their changes (%s)', async (kind) => {
    const path = writeConfig(ownFolder(`several-${kind}`), plain);
    if (kind === 'sealed') await openFile(path).seal({ password: 'x', kdf: 'scrypt' });
    const env = { RCLONE_CONFIG_PASS: 'x' };
    const names = ['k', 'l', 'm', 'n'];
    const runs = names.map((name) => run(process.execPath, [writer, path, name, '20'], { env }));
    expect((await Promise.all(runs)).map(({ code, stdout }) => stdout || code)).toEqual([0, 0, 0, 0]);
    const sections = new Set((await openWith(path, 'x').read()).sections());
    const expected = names.flatMap((name) => Array.from({ length: 20 }, (_, i) => `${name}-${i + 1}`));
    expect(sections).toEqual(new Set(['a', ...expected]));
    expect(readdirSync(join(path, '..'))).toEqual(['rclone.conf']);
  });

  test('that are killed leave a whole file, and nobody waiting', async () => {
    const home = ownFolder('killed');
    const path = writeConfig(home, plain);
    let known = plain.length;
    for (let i = 0; i < 15; i++) {
      const child = spawn(process.execPath, [writer, path, `k${i}`, '100000'], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('close', resolve));
      while (readFileSync(path).length <= known) await sleep(1);
      await sleep(Math.random() * 30);
      child.kill('SIGKILL');
      await ended;
      const text = readFileSync(path, 'utf8');
      expect(text.startsWith(plain)).toBe(true);
      expect(text).toMatch(/\n\[k\d+-\d+\]\ntype = alias\nremote = x{200}\n$/);
      known = text.length;
    }
    const start = performance.now();
    await openFile(path).update((draft) => draft.set('last', more));
    expect(performance.now() - start).toBeLessThan(1000);
    expect(readdirSync(home)).toEqual(['rclone.conf']);
    expect(Object.keys((await rcloneDump(path)) ?? {})).toEqual(expect.arrayContaining(['a', 'last']));
  });
});

describe('the lock', () => {
  const lockFile = (name: string): string => join(folder, name);
  const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

  test('is held by one at a time', async () => {
    const path = lockFile('one.lock');
    const first = await takeLock(path);
    const second = takeLock(path);
    expect(await Promise.race([second, sleep(100)])).toBeUndefined();
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    expect(isThere(path)).toBe(false);
  });

  test('of a process of another machine, or that never said who it is, is taken over when it stays the same', async () => {
    const [link, file] = [lockFile('link.lock'), lockFile('file.lock')];
    symlinkSync('elsewhere/pid:[1] 1 abc', link);
    writeFileSync(file, '');
    const paths = [link, file];
    const early = paths.map((path) => takeLock(path, 500));
    expect(await Promise.race([...early, sleep(400)])).toBeUndefined();
    for (const lock of await Promise.all(early)) lock[Symbol.dispose]();
    expect(paths.some(isThere)).toBe(false);
  });
});

describe('a config file that cannot be written stays as it was:', () => {
  test('the disk is full', async () => {
    const home = ownFolder('full');
    const path = writeConfig(home, `${plain}[big]\nx = ${'y'.repeat(5000)}\n`);
    const before = readFileSync(path);
    // A limit on the size of files stands for the end of the disk: 4 KiB.
    const line = `ulimit -f 4; exec ${process.execPath} ${writer} ${path} k 1`;
    const { code, stdout } = await run('bash', ['-c', line]);
    expect(stdout).toMatch(/^full: cannot write config file .*rclone\.conf, which stays as it was/);
    expect(code).toBe(3);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(home)).toEqual(['rclone.conf']);
  });

  test('the disk is full and has no symbolic links', async () => {
    const home = ownFolder('full-fat');
    const path = writeConfig(home, plain);
    const without = join(home, 'without-links.mjs');
    writeFileSync(
      without,
      `import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      fs.symlinkSync = () => { throw Object.assign(new Error('no links here'), { code: 'EPERM' }); };
      syncBuiltinESMExports();`,
    );
    const line = `ulimit -f 0; exec ${process.execPath} --import ${without} ${writer} ${path} k 1`;
    const { code, stdout } = await run('bash', ['-c', line]);
    expect(stdout).toMatch(/^full: cannot lock the config file/);
    expect(code).toBe(3);
    expect(readdirSync(home)).toEqual(['rclone.conf', 'without-links.mjs']);
  });

  test.each([
    ['its folder is read-only', 0o500, 0o600],
    ['it may not be read', 0o700, 0o000],
  ])('%s', async (name, folderMode, fileMode) => {
    const home = ownFolder(name);
    const path = writeConfig(home, plain);
    chmodSync(path, fileMode);
    chmodSync(home, folderMode);
    // Nothing is forbidden to root.
    if (isRoot) for (const file of [home, path]) chownSync(file, 65534, 65534);
    if (isRoot) chmodSync(folder, 0o755);
    const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
    const [program = '', ...args] = [...asNobody, process.execPath, writer, path, 'k', '1'];
    const { code, stdout } = await run(program, args);
    expect(stdout).toMatch(/^denied: .*rclone\.conf/);
    expect(code).toBe(3);
    chmodSync(path, 0o600);
    expect(readFileSync(path, 'utf8')).toBe(plain);
    rmSync(home, { recursive: true });
  });
});
