import { constants } from 'node:fs';
import {
  access,
  appendFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountAt } from '../../src/mount/attach/mount-table.ts';
import { readStatus } from '../../src/mount/status.ts';
import { mustRun, run } from '../servers/run.ts';
import { type Driver, makeMountFolder, mountMemory } from './driver.ts';

const folders = makeMountFolder();
afterAll(() => folders.remove());

let driver: Driver;
const at = (name: string): string => join(driver.folder, name);
const python = (script: string, ...args: string[]): Promise<string> => mustRun('python3', ['-c', script, ...args]);

beforeAll(async () => {
  driver = await mountMemory(folders.point('root'));
});
afterAll(async () => {
  driver.process.kill('SIGTERM');
  expect((await driver.ended).said.at(-1)).toBe('ended with 0 open files');
});

test('the kernel reads ahead more than it does by itself, where we may tell it to', async () => {
  const setting = `/sys/class/bdi/${(await mountAt(driver.folder))?.device}/read_ahead_kb`;
  const mayTell = await access(setting, constants.W_OK).then(
    () => true,
    () => false,
  );
  expect(Number(await readFile(setting, 'utf8'))).toBe(mayTell ? 512 : 128);
});

describe('a file', () => {
  test('is written, appended to, cut and read', async () => {
    await writeFile(at('a'), 'hello');
    await appendFile(at('a'), ', world');
    expect(await readFile(at('a'), 'utf8')).toBe('hello, world');
    await truncate(at('a'), 5);
    await truncate(at('a'), 7);
    expect(await readFile(at('a'))).toEqual(Buffer.from('hello\0\0'));
    await writeFile(at('a'), 'x');
    expect(await readFile(at('a'), 'utf8')).toBe('x');
  });

  test('is made only once with O_EXCL', async () => {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
    await (await open(at('once'), flags)).close();
    await expect(open(at('once'), flags)).rejects.toThrow('EEXIST');
  });

  test('is read whole in large and small pieces, by 64 readers at once', async () => {
    const data = Buffer.alloc(3 << 20, 'ten bytes ');
    await writeFile(at('large'), data);
    expect((await readFile(at('large'))).equals(data)).toBe(true);
    const shared = await open(at('large'));
    await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const offset = index * 50_000 + index;
        const piece = Buffer.alloc(70_001);
        const { bytesRead } = await shared.read(piece, 0, piece.length, offset);
        expect(piece.subarray(0, bytesRead).equals(data.subarray(offset, offset + piece.length))).toBe(true);
      }),
    );
    await shared.close();
  });

  test('may be longer than four gibibytes, with holes', async () => {
    const far = 2 ** 32 + 12_345;
    const file = await open(at('sparse'), 'w+');
    await file.write('end', far);
    expect((await file.stat()).size).toBe(far + 3);
    expect((await file.read(Buffer.alloc(5), 0, 5, far - 2)).buffer).toEqual(Buffer.from('\0\0end'));
    expect((await file.read(Buffer.alloc(2), 0, 2, 2 ** 31 - 1)).buffer).toEqual(Buffer.from('\0\0'));
    await file.truncate(2 ** 33);
    expect((await file.stat()).size).toBe(2 ** 33);
    await file.close();
    expect((await run('truncate', ['-s', '4E', at('sparse')])).stderr).toContain('File too large');
  });

  test('stays readable when it is removed or renamed while it is open', async () => {
    await writeFile(at('open'), 'still there');
    const file = await open(at('open'), 'r+');
    await rename(at('open'), at('renamed'));
    await unlink(at('renamed'));
    expect((await file.stat()).nlink).toBe(0);
    expect(await file.readFile('utf8')).toBe('still there');
    await file.close();
  });

  test('can be mapped into memory, and written there', async () => {
    await writeFile(at('mapped'), Buffer.alloc(100_000, 'a'));
    await python(
      `import mmap, sys
with open(sys.argv[1], "r+b") as f, mmap.mmap(f.fileno(), 0) as m:
    m[50000:50005] = b"hello"`,
      at('mapped'),
    );
    expect((await readFile(at('mapped'))).subarray(49_999, 50_006).toString()).toBe('ahelloa');
  });

  test('is made as long as fallocate(1) asks, and gets no holes', async () => {
    await mustRun('fallocate', ['-l', '5000', at('allocated')]);
    expect((await stat(at('allocated'))).size).toBe(5000);
    const { stderr } = await run('fallocate', ['--punch-hole', '-o', '0', '-l', '4096', at('allocated')]);
    expect(stderr).toContain('unsupported');
  });

  test('is locked for one process at a time', async () => {
    await writeFile(at('locked'), '');
    const { code } = await run('flock', [at('locked'), 'flock', '-n', at('locked'), 'true']);
    expect(code).toBe(1);
  });
});

describe('times', () => {
  const times = async (name: string): Promise<string> => mustRun('stat', ['-c', '%.9X %.9Y', at(name)]);

  test('are kept to the nanosecond, each for itself', async () => {
    await writeFile(at('timed'), '');
    await mustRun('touch', ['-d', '@1000000000.123456789', at('timed')]);
    expect(await times('timed')).toBe('1000000000.123456789 1000000000.123456789\n');
    await mustRun('touch', ['-m', '-d', '@1.000000001', at('timed')]);
    expect(await times('timed')).toBe('1000000000.123456789 1.000000001\n');
    await mustRun('touch', ['-a', '-d', '@-5.5', at('timed')]);
    expect(await times('timed')).toBe('-5.500000000 1.000000001\n');
    await mustRun('touch', ['-m', at('timed')]);
    expect((await stat(at('timed'))).mtimeMs).toBeGreaterThan(Date.now() - 10_000);
  });
});

describe('names', () => {
  test('are of any bytes', async () => {
    const folder = Buffer.from(at('names'));
    await mkdir(folder);
    const names: Buffer[] = [
      Buffer.alloc(255, 'n'),
      Buffer.from('ä'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('a\u0308'),
    ];
    for (let byte = 1; byte < 256; byte++) if (byte !== 0x2f) names.push(Buffer.from([0x78, byte]));
    for (const name of names) await writeFile(Buffer.concat([folder, Buffer.from('/'), name]), name);
    const listed = await readdir(folder, { encoding: 'buffer' });
    expect(listed.map((name) => name.toString('hex')).sort()).toEqual(names.map((name) => name.toString('hex')).sort());
    for (const name of listed) {
      expect(await readFile(Buffer.concat([folder, Buffer.from('/'), name]))).toEqual(name);
    }
  });

  test('are exchanged and not replaced where renameat2(2) says so', async () => {
    await writeFile(at('x'), 'x');
    await writeFile(at('y'), 'y');
    const renameat2 = `import ctypes, sys, os
libc = ctypes.CDLL(None, use_errno=True)
a, b, flags = sys.argv[1:]
r = libc.renameat2(-100, a.encode(), -100, b.encode(), int(flags))
print(os.strerror(ctypes.get_errno()) if r else "done", end="")`;
    expect(await python(renameat2, at('x'), at('y'), '1')).toBe('File exists');
    expect(await python(renameat2, at('x'), at('y'), '2')).toBe('done');
    expect(await readFile(at('x'), 'utf8')).toBe('y');
    expect(await python(renameat2, at('x'), at('z'), '1')).toBe('done');
    expect(await python(renameat2, at('x'), at('y'), '2')).toBe('No such file or directory');
    await rename(at('z'), at('y'));
    expect(await readFile(at('y'), 'utf8')).toBe('y');
  });

  test('of what a remote does not hold are refused', async () => {
    await writeFile(at('plain'), '');
    await expect(symlink('plain', at('link'))).rejects.toThrow('EPERM');
    await expect(link(at('plain'), at('link'))).rejects.toThrow('EPERM');
    expect((await run('mkfifo', [at('pipe')])).stderr).toContain('Operation not permitted');
    expect((await run('chown', ['12345', at('plain')])).stderr).toContain('Operation not permitted');
    expect(
      (await run('python3', ['-c', `import os, sys; os.setxattr(sys.argv[1], "user.a", b"")`, at('plain')])).stderr,
    ).toContain('Operation not supported');
  });
});

describe('a folder', () => {
  test('is made, and removed when it is empty', async () => {
    await mkdir(at('folder'));
    await writeFile(at('folder/file'), '');
    await expect(rmdir(at('folder'))).rejects.toThrow('ENOTEMPTY');
    await expect(readFile(at('folder'))).rejects.toThrow('EISDIR');
    await expect(readFile(at('folder/other'))).rejects.toThrow('ENOENT');
    await rename(at('folder'), at('other'));
    await rm(at('other'), { recursive: true });
    await expect(stat(at('other'))).rejects.toThrow('ENOENT');
  });

  test('shows 10,000 files once each, while others are removed', async () => {
    await mkdir(at('many'));
    const shown = await python(
      `import os, sys
os.chdir(sys.argv[1])
for i in range(10000):
    os.close(os.open("file-%05d" % i, os.O_CREAT | os.O_WRONLY))
scan = os.scandir(".")
seen = [next(scan).name for _ in range(3000)]
for name in seen[::2]:
    os.unlink(name)
seen += [entry.name for entry in scan]
print(len(seen), len(set(seen)), len(os.listdir(".")), sum(e.stat().st_size for e in os.scandir(".")))`,
      at('many'),
    );
    expect(shown).toBe('10000 10000 8500 0\n');
  });

  test('tells how much fits', async () => {
    expect(await statfs(driver.folder)).toMatchObject({ bsize: 4096, blocks: 2 ** 18, bfree: 2 ** 17 });
  });

  test('tells which process serves it and what is pending', async () => {
    expect(await readStatus(driver.folder)).toEqual({
      pid: driver.process.pid,
      pending: { files: 0, bytes: 0, failures: [] },
    });
    await expect(readStatus('/')).rejects.toThrow('ENOTTY');
  });
});

describe('a request that takes long', () => {
  test('is given up when its program is killed, and not for a signal that the program survives', async () => {
    await writeFile(at('slow'), 'at last');
    // The kernel does not let a killed program go before we have answered what it asked.
    const killed = run('timeout', ['-s', 'INT', '1', 'cat', at('slow')]);
    const patient = python(
      `import signal, sys
signal.signal(signal.SIGALRM, lambda *_: None)
signal.siginterrupt(signal.SIGALRM, True)
signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
text = open(sys.argv[1]).read()
signal.setitimer(signal.ITIMER_REAL, 0)
print(text)`,
      at('slow'),
    );
    expect((await killed).code).toBe(124);
    driver.process.kill('SIGUSR1');
    expect(await patient).toBe('at last\n');
  });
});
