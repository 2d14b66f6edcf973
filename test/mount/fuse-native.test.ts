import { open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFarewell } from '../../src/mount/farewell.ts';
import { whatIsMissing } from '../../src/mount/fuse-native/library.ts';
import { optionWords } from '../../src/mount/fuse-native/options.ts';
import { readStatus } from '../../src/mount/status.ts';
import { requirePeer } from '../servers/peers.ts';
import { mustRun, run } from '../servers/run.ts';
import { asNobody, type Driver, makeMountFolder, mountMemory } from './driver.ts';

requirePeer('libfuse2');
const folders = makeMountFolder();
afterAll(() => folders.remove());

describe('a mount by the library fuse-native', () => {
  let driver: Driver;
  const at = (name: string): string => join(driver.folder, name);
  const times = (name: string): Promise<string> => mustRun('stat', ['-c', '%.3X %.3Y', at(name)]);

  beforeAll(async () => {
    driver = await mountMemory(folders.point('root'), { transport: 'fuse-native' });
  });
  afterAll(async () => {
    driver.process.kill('SIGTERM');
    expect((await driver.ended).said.at(-1)).toBe('ended with 0 open files');
  });

  test('says first what it cannot do', async () => {
    await driver.says(
      'the transport fuse-native keeps times to the millisecond and none before 1970, drops a change of one time alone ' +
        '(touch -m, tar), and has only names that are UTF-8',
    );
  });

  test('keeps both times where both are set', async () => {
    await writeFile(at('timed'), '');
    await mustRun('python3', ['-c', 'import os, sys; os.utime(sys.argv[1], (1.5, 1e9 + .25))', at('timed')]);
    expect(await times('timed')).toBe('1.500 1000000000.250\n');
  });

  test('shows and makes no names but UTF-8', async () => {
    const refused = await run('bash', ['-c', `cd "$1"; : > $'a\\xff'; mkdir $'\\xfe'; : > ä`, 'bash', driver.folder]);
    expect(refused.stderr.match(/Operation not supported/g)).toHaveLength(2);
    expect((await readdir(driver.folder)).filter((name) => !/^[a-z]+$/.test(name))).toEqual(['ä']);
  });

  test('keeps a file that is removed or replaced while it is open, out of sight', async () => {
    await writeFile(at('removed'), 'still there');
    await writeFile(at('replaced'), 'still here');
    await writeFile(at('other'), 'new');
    const files = [await open(at('removed')), await open(at('replaced'), 'r+')] as const;
    await unlink(at('removed'));
    await rename(at('other'), at('replaced'));
    expect((await readdir(driver.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await readFile(at('replaced'), 'utf8')).toBe('new');
    await files[1].write('STILL', 0);
    expect(await Promise.all(files.map((file) => file.readFile('utf8')))).toEqual(['still there', 'STILL here']);
    expect((await files[0].stat()).nlink).toBe(0);
    for (const file of files) await file.close();
    expect((await readdir(driver.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('serves 64 readers at once, and more requests than it keeps threads for', async () => {
    const data = Buffer.alloc(3 << 20, 'ten bytes ');
    await writeFile(at('large'), data);
    const read = async (index: number): Promise<void> => {
      const file = await open(at('large'));
      const piece = Buffer.alloc(70_001);
      const offset = index * 40_000 + index;
      const { bytesRead } = await file.read(piece, 0, piece.length, offset);
      expect(piece.subarray(0, bytesRead).equals(data.subarray(offset, offset + piece.length))).toBe(true);
      await file.close();
    };
    await Promise.all(Array.from({ length: 64 }, (_, index) => read(index)));
    const looks = `import concurrent.futures as f, os, sys
with f.ThreadPoolExecutor(64) as pool:
    print(sum(pool.map(lambda i: os.path.exists("%s/none-%d" % (sys.argv[1], i)), range(2000))))`;
    expect(await mustRun('python3', ['-c', looks, driver.folder])).toBe('0\n');
  });

  test('has files longer than four gibibytes, with holes', async () => {
    const far = 10 * 2 ** 30;
    const file = await open(at('sparse'), 'w+');
    await file.write('end', far);
    expect((await stat(at('sparse'))).size).toBe(far + 3);
    expect((await file.read(Buffer.alloc(5), 0, 5, far - 2)).buffer).toEqual(Buffer.from('\0\0end'));
    expect((await file.read(Buffer.alloc(2), 0, 2, 2 ** 32 - 1)).buffer).toEqual(Buffer.from('\0\0'));
    await file.truncate(2 ** 33);
    expect((await file.stat()).size).toBe(2 ** 33);
    await file.close();
  });

  test('tells which process serves it and what is pending', async () => {
    const pending = { files: 0, bytes: 0, failures: [] };
    expect(await readStatus(driver.folder)).toEqual({ pid: driver.process.pid, pending });
  });
});

test('an ordinary user mounts by fuse-native', async () => {
  const driver = await mountMemory(folders.point('user', true), { isNobody: true, transport: 'fuse-native' });
  const [setpriv, ...rest] = asNobody;
  const asUser = (...words: string[]): Promise<string> => mustRun(setpriv, [...rest, ...words]);
  expect(await asUser('sh', '-c', 'cd "$0"; echo hello > a; cat a', driver.folder)).toBe('hello\n');
  await expect(stat(join(driver.folder, 'a'))).rejects.toThrow('EACCES');
  await asUser('fusermount3', '-u', driver.folder);
  expect((await driver.ended).code).toBe(0);
});

describe('the library', () => {
  test('says what to install where it does not load', () => {
    const missing = 'libfuse.so.2: cannot open shared object file: No such file or directory';
    expect(whatIsMissing(missing, 'linux')).toBe('libfuse 2 is not installed: apt-get install libfuse2');
    expect(whatIsMissing('Library not loaded: libosxfuse.2.dylib', 'darwin')).toContain('macFUSE');
    const none = 'No native build was found for platform=linux arch=arm64';
    expect(whatIsMissing(none, 'linux')).toContain('there is no build of fuse-native for linux');
    expect(whatIsMissing("Cannot find module 'fuse-native'")).toContain('npm install fuse-native');
  });

  const options = {
    mountPoint: '/mnt',
    deviceName: 'memory:a, b',
    kernel: { general: ['nosuid', 'nodev', 'ro'], fuse: ['allow_other'] },
    attributeTimeout: 1500,
    allowedUsers: null,
    report: { error: () => {}, notice: () => {}, info: () => {}, debug: () => {} },
    farewell: createFarewell(),
    now: () => 0n,
  };

  test('is told the options of the mount in its own words', () => {
    const words = optionWords(options, 'linux').split(/(?<!\\),/);
    expect(words).toEqual(expect.arrayContaining(['fsname=memory:a\\, b', 'attr_timeout=1.500', 'ro', 'allow_other']));
    const rootAlone = optionWords({
      ...options,
      allowedUsers: new Set([0]),
      kernel: { general: [], fuse: ['allow_other'] },
    });
    expect(rootAlone.split(',')).toEqual(expect.arrayContaining(['suid', 'dev', 'allow_root']));
    expect(optionWords(options, 'darwin')).not.toContain('max_write');
  });

  test('does not get what it would not understand, or cut', () => {
    const strange = { ...options, kernel: { general: ['nodiratime'], fuse: [] } };
    expect(() => optionWords(strange)).toThrow('does not know the mount option "nodiratime"');
    expect(() => optionWords({ ...options, deviceName: 'a'.repeat(1000) })).toThrow('--devname');
  });
});
