import { constants as fileFlags, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkMountPoint } from '../../src/mount/attach/mount-point.ts';
import { transportNames } from '../../src/mount/mount.ts';
import { requirePeer } from '../servers/peers.ts';
import { mustRun, type Result, run } from '../servers/run.ts';
import { asNobody, isMounted, makeMountFolder, mountMemory, startDriver } from './driver.ts';

requirePeer('libfuse2');
const folders = makeMountFolder();
afterAll(() => folders.remove());

const asUser = (program: string, ...args: string[]): Promise<Result> => {
  const [setpriv, ...rest] = asNobody;
  return run(setpriv, [...rest, program, ...args]);
};

const closeOnExec = 0o2000000;

/** How a process has /dev/fuse open, without what says how it waits. */
function flagsOfDevice(pid: number | undefined): readonly number[] {
  const all = readdirSync(`/proc/${pid}/fd`).filter((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === '/dev/fuse');
  return all.map((fd) => {
    const [, flags = ''] = /flags:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1')) ?? [];
    return Number.parseInt(flags, 8) & (closeOnExec | 0b11);
  });
}

describe.each(transportNames)('a mount by %s ends', (transport) => {
  test('when it is unmounted from elsewhere', async () => {
    const driver = await mountMemory(folders.point(`unmounted-${transport}`), { transport });
    await writeFile(join(driver.folder, 'a'), 'a');
    await mustRun('umount', [driver.folder]);
    expect(await driver.ended).toMatchObject({ code: 0, said: expect.arrayContaining(['ended with 0 open files']) });
  });

  test('when it is asked to while it is in use, once the last program has left it', async () => {
    const driver = await mountMemory(folders.point(`busy-${transport}`), { transport });
    await writeFile(join(driver.folder, 'a'), 'all the same');
    const file = await open(join(driver.folder, 'a'));
    driver.process.kill('SIGTERM');
    await expect.poll(() => isMounted(driver.folder)).toBe(false);
    expect(await file.readFile('utf8')).toBe('all the same');
    await file.close();
    expect((await driver.ended).code).toBe(0);
  });

  test('at once when it is forced, and what was open is closed', async () => {
    const driver = await mountMemory(folders.point(`forced-${transport}`), { transport });
    const file = await open(join(driver.folder, 'a'), 'w');
    await file.write('a');
    await mustRun('umount', ['-f', '-l', driver.folder]);
    expect((await driver.ended).said.at(-1)).toBe('ended with 0 open files');
    await expect(file.write('b')).rejects.toThrow(/ENOTCONN|EIO|ECONNABORTED/);
    await file.close().catch(() => {});
  });

  test('without its program, when that is killed; how to clear it is said', async () => {
    const driver = await mountMemory(folders.point(`killed-${transport}`), { transport });
    await writeFile(join(driver.folder, 'slow'), 'never');
    const reader = readFile(join(driver.folder, 'slow'));
    await driver.says('opening slow');
    // A program that it has started would keep the mount alive.
    expect(flagsOfDevice(driver.process.pid)).toEqual([fileFlags.O_RDWR | closeOnExec]);
    driver.process.kill('SIGKILL');
    await expect(reader).rejects.toThrow(/ENOTCONN|ECONNABORTED|EIO/);
    const clear = `fusermount3 -uz ${driver.folder}`;
    await expect(checkMountPoint(driver.folder, false)).rejects.toThrow(clear);
    await mustRun('sh', ['-c', clear]);
    expect(await checkMountPoint(driver.folder, false)).toBe(driver.folder);
  });
});

test('what others change is seen at once, whatever the kernel may remember', async () => {
  const driver = await mountMemory(folders.point('shared'), { attributeTimeout: 3_600_000 });
  const shared = join(driver.folder, 'shared');
  await writeFile(shared, 'from here');
  expect(await readFile(shared, 'utf8')).toBe('from here');
  await stat(shared);
  driver.process.kill('SIGUSR2');
  await driver.says('changed');
  await expect.poll(() => readFile(shared, 'utf8')).toBe('from elsewhere');
  driver.process.kill('SIGTERM');
  await driver.ended;
});

describe('an ordinary user', () => {
  test('mounts through fusermount3, works in the folder, and is alone in it', async () => {
    const driver = await mountMemory(folders.point('user', true), { isNobody: true });
    const { folder } = driver;
    const work = `set -e; cd "$1"
      echo hello > a; echo more >> a; mkdir -p b/c; mv a b/c/d; cat b/c/d
      dd if=/dev/urandom of=data bs=1M count=5 2>/dev/null; cp data copy; cmp data copy
      touch -d '2001-02-03 04:05:06.123456789 UTC' copy; stat -c %.9Y:%U copy
      rm -r b; : > $'\\xff'; ls -N | LC_ALL=C od -An -c | tr -d ' '; ls | wc -l`;
    const { stdout, stderr } = await asUser('bash', '-c', work, 'bash', folder);
    expect(stdout.split('\n'), stderr).toEqual([
      'hello',
      'more',
      '981173106.123456789:nobody',
      'copy\\ndata\\n377\\n',
      '3',
      '',
    ]);
    await expect(stat(join(folder, 'data'))).rejects.toThrow('EACCES');
    const mounts = readFileSync('/proc/self/mounts', 'utf8');
    expect(mounts).toContain(`memory:a,\\040b ${folder} fuse.coffer rw,nosuid,nodev`);
    await asUser('fusermount3', '-u', folder);
    expect(await driver.ended).toMatchObject({ code: 0 });
  });

  test("is told why not: another's folder, no fusermount3", async () => {
    const theirs = folders.point('theirs');
    expect((await startDriver(theirs, { isNobody: true }).ended).said).toEqual([
      `failed: ${theirs}: no permission to mount there: the folder must be yours, and writable`,
    ]);
    const own = folders.point('own', true);
    const environment = { PATH: folders.path };
    const { said } = await startDriver(own, { isNobody: true, environment }).ended;
    expect(said).toEqual(['failed: there is no fusermount3, which mounts for ordinary users: apt-get install fuse3']);
  });
});

describe('a mount point', () => {
  const folder = folders.path;
  const reason = (path: string): Promise<string> => checkMountPoint(path, false).then(String, (error) => error.message);

  test('must be an empty folder that is there', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', 'file'), '');
    expect(await reason(join(folder, "it's missing"))).toContain(
      `there is no such folder to mount on: mkdir -p '${folder}/it'\\''s missing'`,
    );
    expect(await reason(join(folder, 'file'))).toContain('is not a folder');
    expect(await reason(join(folder, 'file', 'below'))).toContain('is not a folder');
    expect(await reason(join(folder, 'full'))).toContain('is not empty');
    expect(await checkMountPoint(join(folder, 'full'), true)).toBe(join(folder, 'full'));
  });

  test('is not one already', async () => {
    expect(await reason('/dev/shm')).toMatch(/is mounted there already/);
  });
});
