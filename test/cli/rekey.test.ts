import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { programPath } from '../program.ts';
import { peerEnvironment } from '../servers/run.ts';
import { type Bench, createBench, messages, readTree, type Tree, timesIn, writeTree } from './run.ts';

const tree: Tree = { 'job/a.txt': 'alpha', 'job/deep/er/b.txt': 'beta', 'c d.txt': 'gamma', empty: '' };
const typed = 'new password\nnew password\n';

/** With `files` in `secret:`, written by rclone. */
async function benchWith(files: Tree): Promise<Bench> {
  const bench = createBench('rekey', onTestFinished);
  writeTree(bench.path('source'), files);
  expect((await bench.rclone(['copy', 'source', 'secret:'])).code).toBe(0);
  return bench;
}

const configOf = (bench: Bench): string => readFileSync(bench.path('rclone.conf'), 'utf8');

async function requireSameToRclone(bench: Bench): Promise<void> {
  const { code, stderr } = await bench.rclone(['cryptcheck', 'source', 'secret:']);
  expect(code, stderr).toBe(0);
  await bench.rclone(['copy', 'secret:', 'back']);
  expect(readTree(bench.path('back'))).toEqual(readTree(bench.path('source')));
  expect(timesIn(bench.path('back'))).toEqual(timesIn(bench.path('source')));
}

describe('coffer rekey', () => {
  test('takes the new password, and rclone reads everything with it and nothing with the old one', async () => {
    const bench = await benchWith(tree);
    const old = configOf(bench);
    const { code, stderr } = await bench.coffer(['rekey', 'secret:'], { input: typed });
    expect(code, stderr).toBe(0);
    await requireSameToRclone(bench);
    expect(configOf(bench)).not.toContain('previous_');
    expect((await bench.coffer(['reveal', '--', /^password = (.*)$/m.exec(configOf(bench))?.[1] ?? ''])).stdout).toBe(
      'new password\n',
    );
    writeFileSync(bench.path('old.conf'), old);
    // One name in 256 opens to something under a wrong password, but to none of these.
    const { stdout: shown } = await bench.rclone(['lsf', '-R', 'secret:', '--config', 'old.conf']);
    for (const path of Object.keys(tree)) expect(shown).not.toContain(path);
    expect(configOf(bench).replace(/^password2? = .*\n/gm, '')).toBe(old.replace(/^password2? = .*\n/gm, ''));
  });

  test('says nothing secret', async () => {
    const bench = await benchWith(tree);
    const { stdout, stderr } = await bench.coffer(['rekey', '-vv', 'secret:'], { input: typed });
    expect(`${stdout}${stderr}`).not.toContain('new password\n');
    for (const [, value = ''] of configOf(bench).matchAll(/^password2? = (.*)$/gm)) {
      expect(`${stdout}${stderr}`).not.toContain(value);
    }
  });

  test('takes passwords that it makes up, or from a command', async () => {
    const bench = await benchWith(tree);
    expect((await bench.coffer(['rekey', '--generate', 'secret:'])).code).toBe(0);
    await requireSameToRclone(bench);
    expect((await bench.coffer(['rekey', '--new-password-command', 'echo other', 'secret:'])).code).toBe(0);
    await requireSameToRclone(bench);
  });

  test('leaves a share that it cannot open, and says who must renew it', async () => {
    const bench = await benchWith(tree);
    writeFileSync(join(bench.path('sealed'), '.coffer-share'), 'a share');
    const { stderr } = await bench.coffer(['rekey', '--generate', 'secret:']);
    expect(stderr).toContain('its maker must run coffer share renew secret:');
    expect(readFileSync(join(bench.path('sealed'), '.coffer-share'), 'utf8')).toBe('a share');
  });

  test('shows with --dry-run what it would do, and changes nothing', async () => {
    const bench = await benchWith(tree);
    const [config, sealed] = [configOf(bench), readTree(bench.path('sealed'))];
    const { code, stderr } = await bench.coffer(['rekey', '-n', 'secret:']);
    expect(code).toBe(0);
    expect(messages(stderr)).toContain('NOTICE: job/a.txt: Skipped re-encrypt as --dry-run is set (size 5)');
    expect([configOf(bench), readTree(bench.path('sealed'))]).toEqual([config, sealed]);
  });

  test('counts the bytes that the files have when they are decrypted', async () => {
    const bench = await benchWith(tree);
    const plain = Object.values(tree).join('').length;
    const { stderr } = await bench.coffer(['rekey', '--generate', '-v', 'secret:']);
    expect(stderr).toContain(`${plain} B / ${plain} B, 100%`);
  });

  test('ends with an error when a file does not decrypt, and keeps the old passwords for it', async () => {
    const bench = await benchWith(tree);
    const { stdout } = await bench.coffer(['cryptdecode', '--reverse', 'secret:', 'job/a.txt']);
    const bad = join(bench.path('sealed'), stdout.split('\t')[1]?.trim() ?? '');
    writeFileSync(bad, readFileSync(bad).fill(7, 50));
    const { code, stderr } = await bench.coffer(['rekey', '--generate', 'secret:', '--retries', '1']);
    expect(code).toBe(1);
    expect(messages(stderr)).toContain(
      'ERROR : job/a.txt: Failed to re-encrypt: cannot open chunk 0 of job/a.txt: wrong password or corrupt data',
    );
    expect(stderr).toContain('what failed still has the previous passwords, which stay in the config: run it again');
    expect(configOf(bench)).toContain('previous_password');
    const { stdout: listed } = await bench.coffer(['lsf', '-R', '--files-only', 'secret:']);
    expect(listed.split('\n').sort()).toEqual(['', 'c d.txt', 'empty', 'job/a.txt', 'job/deep/er/b.txt']);
  });

  test.for([
    [['secret:job'], 'give a remote of the config without a path, as in "allas-crypt:"'],
    [['store:'], '"store" is not a crypt remote of the config file'],
    [['/tmp'], 'give a remote of the config without a path, as in "allas-crypt:"'],
    [['nothing:'], '"nothing" is not a crypt remote of the config file'],
    [['secret:', '--include', '*.txt'], 'rekey takes all files: leave the filters and --max-depth out'],
    [['secret:', '--generate', '--new-password-command', 'x'], 'use --generate or --new-password-command, not both'],
    [['secret:', '--crypt-password', 'kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg'], 'leave the --crypt- flags out'],
  ] as const)('refuses %j', async ([args, message]) => {
    const bench = await benchWith({ a: 'x' });
    const config = configOf(bench);
    const { code, stderr } = await bench.coffer(['rekey', ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(configOf(bench)).toBe(config);
  });
});

describe('stopped', () => {
  const many: Tree = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`folder-${i % 7}/file-${i}`, `content ${i} `.repeat(i * 100)]),
  );

  /** Starts a rekey and sends it the signal after some milliseconds, a gentle one not before it has begun. Its exit code;
   *  null when the signal ended it. */
  async function stopAfter(bench: Bench, signal: NodeJS.Signals, delay: number): Promise<number | null> {
    const args = [programPath, 'rekey', '--generate', '--transfers', '2', 'secret:'];
    const env = { ...peerEnvironment(), RCLONE_CONFIG: bench.path('rclone.conf') };
    const child = spawn(process.execPath, args, { cwd: bench.folder, env, stdio: 'ignore' });
    const exit = once(child, 'exit');
    if (signal === 'SIGINT') while (child.exitCode === null && !configOf(bench).includes('previous_')) await sleep(5);
    await Promise.race([sleep(delay), exit]);
    child.kill(signal);
    const [code] = await exit;
    return code as number | null;
  }

  test('by kill -9 at any moment, again and again, it loses nothing and comes to its end', async () => {
    const bench = await benchWith(many);
    let kills = 0;
    for (let delay = 200; (await stopAfter(bench, 'SIGKILL', delay)) !== 0; delay *= 1.2) {
      kills++;
      const { code, stdout, stderr } = await bench.coffer(['lsf', '-R', '--files-only', '--format', 'ps', 'secret:']);
      expect(code, stderr).toBe(0);
      expect(stdout.split('\n').filter(Boolean).sort()).toEqual(
        Object.entries(many)
          .map(([path, content]) => `${path};${content.length}`)
          .sort(),
      );
    }
    expect(kills).toBeGreaterThan(1);
    await requireSameToRclone(bench);
    expect(configOf(bench)).not.toContain('previous_');
    // An old folder stays where a kill has left something half-written in it, and for nothing else.
    const folders = readdirSync(bench.path('sealed'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readdirSync(join(bench.path('sealed'), name)));
    expect(folders).not.toContainEqual([]);
    expect(folders.filter((names) => !names.every((name) => name.endsWith('.partial')))).toHaveLength(7);
  });

  test('by Ctrl-C it ends with 130 and goes on later', async () => {
    const bench = await benchWith(many);
    expect(await stopAfter(bench, 'SIGINT', 100)).toBe(130);
    expect((await bench.coffer(['check', '--download', 'source', 'secret:'])).code).toBe(0);
    const { code, stderr } = await bench.coffer(['rekey', 'secret:']);
    expect(code, stderr).toBe(0);
    await requireSameToRclone(bench);
  });
});

test('a marker that the store puts back after the end does not pass for the new passwords of another rekey', async () => {
  const bench = await benchWith(tree);
  const marker = bench.path('sealed/.coffer-rekey');
  const first = bench.coffer(['rekey', '--generate', 'secret:']);
  while (!existsSync(marker)) await sleep(5);
  const old = readFileSync(marker);
  expect((await first).code).toBe(0);
  writeFileSync(marker, old);
  const config = configOf(bench);
  const { code, stderr } = await bench.coffer(['rekey', '--generate', 'secret:']);
  expect({ code, config: configOf(bench) }).toEqual({ code: 1, config });
  expect(stderr).toContain('let `coffer rekey secret:` finish that');
  for (const args of [
    ['rekey', 'secret:'],
    ['rekey', '--generate', 'secret:'],
  ])
    expect((await bench.coffer(args)).code).toBe(0);
  expect(configOf(bench)).not.toContain(/^password = (.*)$/m.exec(config)?.[1]);
  await requireSameToRclone(bench);
});
