import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRunning } from '../../src/core/machine.ts';
import { isMounted, makeMountFolder } from '../mount/driver.ts';
import { programPath } from '../program.ts';
import { mustRun, peerEnvironment, run } from '../servers/run.ts';
import { createBench, messages, readTree, writeTree } from './run.ts';

const bench = createBench('mount');
process.env.XDG_CACHE_HOME = bench.path('cache');
const folders = makeMountFolder();
afterAll(() => folders.remove());

beforeAll(async () => {
  writeTree(bench.path('stored'), { a: 'a', 'b/c': 'c' });
  await bench.rclone(['copy', 'stored', 'secret:stored']);
});

interface Foreground {
  readonly process: ChildProcess;
  /** All that it said on standard error. */
  said(): string;
  readonly ended: Promise<number | null>;
}

/** Starts a mount that stays in the foreground, and waits until its folder can be used. */
async function mountForeground(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Foreground> {
  const child = spawn(process.execPath, [programPath, 'mount', ...args], {
    cwd: bench.folder,
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...peerEnvironment(), RCLONE_CONFIG: bench.path('rclone.conf'), ...env },
  });
  let text = '';
  child.stderr?.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const mounted = { process: child, said: () => text, ended };
  await expect.poll(() => text, { timeout: 20_000 }).toContain('is mounted');
  return mounted;
}

/** One of the commands of the systemd unit that mounts `secret:` at `point`. */
function unitCommand(name: string, point: string): { readonly program: string; readonly args: readonly string[] } {
  const unit = readFileSync(join(import.meta.dirname, '../../config-examples/coffer@.service'), 'utf8');
  const [, line] = new RegExp(`^${name}=-?(.*)$`, 'm').exec(unit) ?? [];
  const [program, ...args] = line?.replaceAll('%h/%i', point).replaceAll('%i', 'secret').split(' ') ?? [];
  if (program === undefined) throw new Error(`the unit has no ${name}`);
  return { program, args };
}

describe('a mount in the foreground', () => {
  test('is a folder whose files rclone finds on the remote, encrypted', async () => {
    const point = folders.point('files');
    const mount = await mountForeground(['secret:files', point]);
    writeTree(point, { 'a.txt': 'a', 'b/c.txt': 'c', 'b/d/ä ö.txt': 'umlauts', 'empty/': '' });
    const before = readTree(point);
    expect((await bench.coffer(['unmount', point])).code).toBe(0);
    expect(await mount.ended).toBe(0);
    const { stdout } = await bench.rclone(['cat', 'secret:files/b/d/ä ö.txt']);
    expect(stdout).toBe('umlauts');
    await bench.rclone(['copy', 'secret:files', 'back', '--create-empty-src-dirs']);
    expect(readTree(bench.path('back'))).toEqual(before);
    expect(await readdir(bench.path('sealed'))).not.toContain('files');
  });

  test('ends with 0 when it is asked to, and nothing stays mounted or unsent', async () => {
    const point = folders.point('signal');
    const mount = await mountForeground(['secret:signal', point]);
    await writeFile(join(point, 'last'), 'words');
    mount.process.kill('SIGTERM');
    expect(await mount.ended).toBe(0);
    expect(isMounted(point)).toBe(false);
    expect((await bench.rclone(['cat', 'secret:signal/last'])).stdout).toBe('words');
  });

  test('waits for the programs that use it, but not when it is asked again', async () => {
    const point = folders.point('twice');
    const mount = await mountForeground(['secret:twice', point]);
    const file = await open(join(point, 'file'), 'w');
    mount.process.kill('SIGTERM');
    await expect.poll(() => isMounted(point)).toBe(false);
    await expect.poll(() => mount.said()).toContain('is in use by other programs');
    mount.process.kill('SIGTERM');
    expect(await mount.ended).toBe(130);
    await expect(file.write('too late')).rejects.toThrow(/ENOTCONN|ECONNABORTED|EIO/);
    await file.close().catch(() => {});
  });

  test('that does not answer is told of, and leaves nobody waiting', { timeout: 60_000 }, async () => {
    const point = folders.point('stopped');
    const mount = await mountForeground(['secret:stopped', point]);
    await writeFile(join(point, 'last'), 'words');
    mount.process.kill('SIGSTOP');
    const asked = [
      ['mount', 'status', point],
      ['unmount', point],
      ['mount', 'secret:', point],
    ];
    const [all, ...ones] = await Promise.all([['mount', 'status'], ...asked].map((args) => bench.coffer(args)));
    expect(all?.stdout).toContain(`secret:stopped at ${point}: the program behind the mount`);
    for (const { code, stderr } of ones) {
      expect(stderr).toContain('does not answer');
      expect(code).toBe(7);
    }
    expect((await bench.coffer(['unmount', '--lazy', point])).code).toBe(0);
    expect(isMounted(point)).toBe(false);
    mount.process.kill('SIGCONT');
    expect(await mount.ended).toBe(0);
    expect((await bench.rclone(['cat', 'secret:stopped/last'])).stdout).toBe('words');
  });

  test('looks at its folders anew after SIGHUP', async () => {
    const point = folders.point('refresh');
    const mount = await mountForeground(['secret:refresh', point, '--attr-timeout', '0', '--poll-interval', '0']);
    expect(await readdir(point)).toEqual([]);
    await bench.rclone(['copyto', 'rclone.conf', 'secret:refresh/new']);
    expect(await readdir(point)).toEqual([]);
    mount.process.kill('SIGHUP');
    await expect.poll(() => readdir(point)).toEqual(['new']);
    mount.process.kill('SIGINT');
    expect(await mount.ended).toBe(0);
  });

  test('shows modes and owners as its flags say, and refuses writes when it is read-only', async () => {
    const point = folders.point('modes');
    const flags = ['--umask', '027', '--file-perms', '0664', '--uid', '12', '--gid', '34', '--read-only'];
    const mount = await mountForeground(['secret:stored', point, '--devname', 'data, mine', ...flags]);
    expect(statSync(join(point, 'a'))).toMatchObject({ mode: 0o100640, uid: 12, gid: 34 });
    expect(statSync(join(point, 'b'))).toMatchObject({ mode: 0o040750, uid: 12, gid: 34 });
    await expect(writeFile(join(point, 'a'), 'x')).rejects.toThrow('EROFS');
    expect(readFileSync('/proc/self/mounts', 'utf8')).toContain(`data,\\040mine ${point} fuse.coffer ro,`);
    await bench.coffer(['unmount', point]);
    expect(await mount.ended).toBe(0);
  });

  test('tells systemd when it can be used', async () => {
    const [, ...args] = unitCommand('ExecStart', folders.point('systemd')).args;
    const socket = bench.path('notify');
    const listener = spawn('python3', [
      '-c',
      `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
print(s.recv(100).decode(), flush=True)`,
      socket,
    ]);
    let heard = '';
    listener.stdout.on('data', (piece: Buffer) => {
      heard += piece.toString();
    });
    await expect.poll(() => heard).toBe('bound\n');
    const mount = await mountForeground(args, { NOTIFY_SOCKET: socket });
    await expect.poll(() => heard).toBe('bound\nREADY=1\n');
    mount.process.kill('SIGTERM');
    expect(await mount.ended).toBe(0);
  });

  test('is started anew by systemd after a crash', async () => {
    const point = folders.point('crash');
    const [, ...args] = unitCommand('ExecStart', point).args;
    const crashed = await mountForeground(args);
    await writeFile(join(point, 'crashed'), 'words');
    crashed.process.kill('SIGKILL');
    await crashed.ended;
    for (const name of ['ExecStopPost', 'ExecStartPre']) {
      const { program, args: given } = unitCommand(name, point);
      await mustRun(program, given);
    }
    const restarted = await mountForeground(args);
    expect(await readFile(join(point, 'crashed'), 'utf8')).toBe('words');
    restarted.process.kill('SIGTERM');
    expect(await restarted.ended).toBe(0);
    expect((await bench.rclone(['cat', 'secret:crashed'])).stdout).toBe('words');
  });
});

describe('a mount in the background', () => {
  test('returns when the folder can be used, tells its state, and is not unmounted while it is in use', async () => {
    const point = folders.point('daemon');
    expect(await bench.coffer(['mount', '--daemon', '--vfs-write-back', '0', 'secret:daemon', point])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    await writeFile(join(point, 'a'), 'a');
    await expect
      .poll(async () => (await bench.coffer(['mount', 'status', point])).stdout, { timeout: 20_000 })
      .toContain('all is uploaded');
    const { stdout } = await bench.coffer(['mount', 'status', '--json', point]);
    const status = JSON.parse(stdout);
    expect(status).toMatchObject({ mountPoint: point, source: 'secret:daemon', pending: { files: 0 } });
    expect((await bench.coffer(['mount', 'status', point])).stdout).toBe(
      `secret:daemon at ${point}, process ${status.pid}: all is uploaded\n`,
    );
    // Other tests' mounts may stand beside it.
    const others = JSON.parse((await bench.coffer(['mount', 'status', '--json'])).stdout);
    expect(others).toContainEqual(status);
    expect((await bench.coffer(['mount', 'status'])).stdout).toContain(
      `secret:daemon at ${point}, process ${status.pid}: all is uploaded\n`,
    );
    const file = await open(join(point, 'a'));
    const refused = await bench.coffer(['unmount', point]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('is in use: close what uses it');
    await file.close();
    expect((await bench.coffer(['unmount', point])).code).toBe(0);
    expect(isRunning(status.pid)).toBe(false);
  });

  test('takes the flags that only steer how a mount of rclone works', async () => {
    const flags =
      '--async-read=false --daemon-timeout 10m --max-read-ahead 1M --no-checksum --vfs-fast-fingerprint --vfs-write-wait 2s';
    const words = ['mount', ...flags.split(' '), '--write-back-cache', 'secret:', 'missing'];
    expect((await bench.coffer(words)).stderr).toContain('there is no such folder to mount on');
    expect((await bench.coffer(['mount', '--max-read-ahead', 'much', 'secret:', 'missing'])).stderr).toContain(
      'bad size',
    );
  });

  test('hides the passwords on its command line from other users', async () => {
    const point = folders.point('words');
    const password = 'SdMuIGKsBIKFqF0Vc3TT8zPefSL4F0Gm8GHVD5s';
    await bench.coffer(['mount', '--daemon', `:crypt,remote=words,password=${password}:`, point]);
    const { stdout } = await bench.coffer(['mount', 'status', '--json', point]);
    const seen = readFileSync(`/proc/${JSON.parse(stdout).pid}/cmdline`, 'latin1');
    expect(seen).toContain('coffer mount :crypt{');
    expect(seen).not.toContain(password);
    expect((await bench.coffer(['unmount', point])).code).toBe(0);
  });

  test('says why it does not start, and leaves nothing mounted', async () => {
    await bench.coffer(['touch', 'secret:file']);
    const point = folders.point('wrong');
    const { code, stderr } = await bench.coffer(['mount', '--daemon', 'wrong:', point]);
    expect(messages(stderr)).toEqual([expect.stringMatching(/^Failed to mount: .*wrong password/)]);
    expect(code).toBe(1);
    expect(isMounted(point)).toBe(false);
    const missing = await bench.coffer(['mount', '--daemon', 'secret:', join(point, 'missing')]);
    expect(missing.stderr).toContain('there is no such folder to mount on');
    const owner = await bench.coffer(['mount', '--daemon', '--uid', '4294967295', 'secret:', point]);
    expect(owner.stderr).toContain('"4294967295" is not the number of a user or a group');
    expect(owner.code).toBe(1);
    const logged = await bench.coffer(['mount', '--daemon', '--log-file', 'mount.log', 'wrong:', point]);
    expect(logged.stderr).toContain('wrong password');
    expect(readFileSync(bench.path('mount.log'), 'utf8')).toContain('Failed to mount');
  });

  test('asks for the password of the config on its terminal, and outlives that', async () => {
    const point = folders.point('terminal');
    const config = bench.path('asked.conf');
    await writeFile(config, readFileSync(bench.path('rclone.conf')));
    await bench.coffer(['config', 'encryption', 'set'], {
      env: { RCLONE_CONFIG: config, RCLONE_CONFIG_PASS: '' },
      input: 'hunter2\nhunter2\n',
    });
    expect(await readFile(config, 'utf8')).toContain('RCLONE_ENCRYPT');
    const command = `${process.execPath} ${programPath} --config ${config} mount --daemon secret:stored ${point}; echo ended $?`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { env: peerEnvironment(), cwd: bench.folder });
    let screen = '';
    terminal.stdout.on('data', (piece: Buffer) => {
      if (!screen.includes('assword') && piece.toString().includes('assword')) terminal.stdin.write('hunter2\r');
      screen += piece.toString();
    });
    await new Promise((resolve) => terminal.on('close', resolve));
    expect(screen).toContain('ended 0');
    expect(await readFile(join(point, 'a'), 'utf8')).toBe('a');
    expect((await bench.coffer(['unmount', point])).code).toBe(0);
  });

  test('is started by mount(8) through a link', async () => {
    const point = folders.point('helper');
    const bin = bench.path('bin');
    mkdirSync(bin);
    symlinkSync(programPath, join(bin, 'mount.coffer'));
    const options = `ro,nofail,devname=from fstab,config=${bench.path('rclone.conf')}`;
    const mount = async (...words: string[]): Promise<void> => {
      const args = ['secret:stored', point, ...words, '-o', options];
      const { code, stderr } = await run(join(bin, 'mount.coffer'), args, { cwd: bench.folder });
      expect(code, stderr).toBe(0);
    };
    await mount('-f');
    expect(isMounted(point)).toBe(false);
    await mount();
    expect(readFileSync('/proc/self/mounts', 'utf8')).toContain(`from\\040fstab ${point} fuse.coffer ro,`);
    expect(await readdir(point)).toEqual(['a', 'b']);
    expect((await bench.coffer(['unmount', point])).code).toBe(0);
  });
});

test('only what coffer has mounted is unmounted', async () => {
  const { code, stderr } = await bench.coffer(['unmount', '/dev/shm']);
  expect(code).toBe(1);
  expect(messages(stderr)).toEqual([
    'Failed to unmount: /dev/shm: is not mounted by coffer: `coffer mount status` shows what is',
  ]);
});

describe('what is written', () => {
  test('waits for the upload, which coffer unmount brings forward', async () => {
    const point = folders.point('late');
    await bench.coffer(['mount', '--daemon', '--vfs-write-back', '1h', 'secret:late', point]);
    await writeFile(join(point, 'file'), 'at last');
    expect((await bench.coffer(['mount', 'status', point])).stdout).toContain('still to be uploaded: 1 file, 7 B');
    expect((await bench.rclone(['lsf', 'secret:late'])).stdout).toBe('');
    const { code, stderr } = await bench.coffer(['unmount', point]);
    expect(messages(stderr)).toEqual([`NOTICE: ${point}: still to be uploaded: 1 file, 7 B`]);
    expect(code).toBe(0);
    expect((await bench.rclone(['cat', 'secret:late/file'])).stdout).toBe('at last');
  });

  test('and refused by the store is named by coffer unmount, which waits until it is taken', async () => {
    const point = folders.point('refused');
    await bench.coffer(['mount', '--daemon', '--vfs-write-back', '1s', 'secret:refused', point]);
    await writeFile(join(point, 'file\u001b'), 'at last');
    const [sealed, away] = [bench.path('sealed'), bench.path('sealed.away')];
    await rename(sealed, away);
    await writeFile(sealed, 'no folder');
    const state = async (): Promise<string> => (await bench.coffer(['mount', 'status', point])).stdout;
    await expect.poll(state, { timeout: 20_000 }).toContain('refused/file\\x1b: ');
    const unmounting = bench.coffer(['unmount', point]);
    await expect.poll(() => isMounted(point), { timeout: 20_000 }).toBe(false);
    await rm(sealed);
    await rename(away, sealed);
    const { code, stderr } = await unmounting;
    expect(messages(stderr)).toEqual([
      `NOTICE: ${point}: still to be uploaded: 1 file, 7 B`,
      expect.stringMatching(/^ERROR : refused\/file\\x1b: is tried again: /),
    ]);
    expect(code).toBe(0);
    expect((await bench.rclone(['cat', 'secret:refused/file\u001b'])).stdout).toBe('at last');
  });

  test.each(['foreground', 'background'])(
    'and lost with the cache fails the end of a mount in the %s',
    async (where) => {
      const point = folders.point(`lost-${where}`);
      const cache = bench.path(`cache-${where}`);
      const args = ['--vfs-write-back', '1h', '--cache-dir', cache, `secret:lost-${where}`, point];
      const mount = where === 'foreground' ? await mountForeground(args) : null;
      if (!mount) expect((await bench.coffer(['mount', '--daemon', ...args])).code).toBe(0);
      await writeFile(join(point, 'lost'), 'words');
      await rename(cache, `${cache}.away`);
      await writeFile(join(point, 'kept'), 'words');
      const { code, stderr } = await bench.coffer(['unmount', point]);
      const end = `${point} is unmounted, but not all is uploaded (1 file, 5 B)`;
      expect(messages(stderr)).toEqual([
        `NOTICE: ${point}: still to be uploaded: 2 files, 10 B`,
        expect.stringMatching(/^ERROR : lost-.*\/lost: not uploaded: /),
        expect.stringContaining(`Failed to unmount: ${end}`),
      ]);
      expect(code).toBe(7);
      if (mount) {
        expect(await mount.ended).toBe(7);
        expect(mount.said()).toContain(`Failed to mount: ${end}`);
      }
      expect((await bench.rclone(['lsf', `secret:lost-${where}`])).stdout).toBe('kept\n');
    },
  );

  test('is not taken for uploaded by coffer unmount when its mount is killed meanwhile', async () => {
    const point = folders.point('killed-late');
    const mount = await mountForeground(['--vfs-write-back', '1h', 'secret:killed-late', point]);
    await writeFile(join(point, 'file'), 'survives');
    const [sealed, away] = [bench.path('sealed'), bench.path('sealed.away')];
    await rename(sealed, away);
    await writeFile(sealed, 'no folder');
    const unmounting = bench.coffer(['unmount', point]);
    await expect.poll(() => isMounted(point), { timeout: 20_000 }).toBe(false);
    mount.process.kill('SIGKILL');
    const { code, stderr } = await unmounting;
    await rm(sealed);
    await rename(away, sealed);
    expect(stderr).toContain(`${point} is unmounted, but the program behind it crashed or was killed`);
    expect(code).toBe(7);
  });

  test('and not uploaded when its mount is killed, is uploaded by the next one', async () => {
    const point = folders.point('killed');
    const first = await mountForeground(['--vfs-write-back', '1h', 'secret:killed', point]);
    const file = await open(join(point, 'file'), 'w');
    await file.write('survives');
    await file.sync();
    await file.close();
    first.process.kill('SIGKILL');
    await first.ended;
    const cleared = await bench.coffer(['unmount', point]);
    expect(cleared.stderr).toContain('the program behind it crashed or was killed');
    expect(cleared.code).toBe(7);
    expect(isMounted(point)).toBe(false);
    expect((await bench.rclone(['lsf', 'secret:killed'])).stdout).toBe('');
    const second = await mountForeground(['secret:killed', point]);
    expect(await readFile(join(point, 'file'), 'utf8')).toBe('survives');
    second.process.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect((await bench.rclone(['cat', 'secret:killed/file'])).stdout).toBe('survives');
  });

  test.each(['full', 'off'])('in any order is what the remote gets, with the cache mode %s', async (mode) => {
    const point = folders.point(`random-${mode}`);
    const flags = ['--vfs-cache-mode', mode, '--vfs-write-back', '100ms'];
    await bench.coffer(['mount', '--daemon', ...flags, `secret:random-${mode}`, point]);
    const script = join(import.meta.dirname, 'mount', 'random-file.py');
    await Promise.all(
      Array.from({ length: 2 }, async (_, index) => {
        const expected = bench.path(`expected-${index}`);
        // A failure tells its seed.
        const seed = String(Math.floor(Math.random() * 2 ** 31));
        const name = await mustRun('python3', [script, point, seed, '600', expected]);
        await rename(expected, bench.path(`${name}-${mode}`));
      }),
    );
    expect((await bench.coffer(['unmount', point])).code).toBe(0);
    await bench.rclone(['copy', `secret:random-${mode}`, `random-${mode}`]);
    const names = await readdir(bench.path(`random-${mode}`));
    expect(names.length).toBe(2);
    for (const name of names) {
      const wanted = await readFile(bench.path(`${name}-${mode}`));
      expect((await readFile(join(bench.path(`random-${mode}`), name))).equals(wanted), name).toBe(true);
    }
  });

  test('stands in a cache that one mount has at a time', async () => {
    const point = folders.point('first');
    const mount = await mountForeground(['secret:once', point]);
    const { code, stderr } = await bench.coffer(['mount', 'secret:once', folders.point('second')]);
    expect(messages(stderr)).toEqual([expect.stringMatching(/^Failed to mount: .*in use/)]);
    expect(code).toBe(6);
    mount.process.kill('SIGTERM');
    expect(await mount.ended).toBe(0);
  });
});

test('after a crash the mount point tells how to clear it', async () => {
  const point = folders.point('crashed');
  const mount = await mountForeground(['secret:daemon', point]);
  mount.process.kill('SIGKILL');
  await mount.ended;
  const again = await bench.coffer(['mount', 'secret:daemon', point]);
  expect(again.stderr).toContain(`fusermount3 -uz ${point}`);
  expect((await bench.coffer(['mount', 'status', point])).stderr).toContain(`fusermount3 -uz ${point}`);
  expect((await bench.coffer(['mount', 'status'])).stdout).toMatch(
    new RegExp(`^secret:daemon at ${point}: the program behind the mount has ended`, 'm'),
  );
  expect((await bench.coffer(['unmount', point])).code).toBe(7);
  expect(await stat(point)).toMatchObject({ nlink: 2 });
});
