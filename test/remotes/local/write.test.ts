import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type Bytes, pieceSize, type Source, sourceOf } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import { system } from '../../../src/remotes/local/system.ts';
import { cutTo, nodePrecision, secondsText } from '../../../src/remotes/local/times.ts';
import { brokenSource, failureOf, patterned } from '../../contract/remote/bench.ts';
import { run } from '../../servers/run.ts';
import { type LocalFolder, localFolder } from './folder.ts';

let folder: LocalFolder;

beforeEach(() => {
  folder = localFolder();
});
afterEach(() => folder.remove());

const hello = sourceOf(Buffer.from('hello'));

test('a full disk fails with the path and the bytes, and leaves the old file', async () => {
  const writer = buildWriter();
  writeFileSync(join(folder.disk, 'file'), 'old');
  // A mount namespace of its own: nothing stays mounted whatever happens.
  const script = `
    mkdir -p "$1/disk" && mount -t tmpfs -o size=3m none "$1/disk" && echo old > "$1/disk/file"
    "$2" "$3" "$1/disk/file" ${8 * pieceSize}; ls -A "$1/disk"; cat "$1/disk/file"`;
  const result = await run('unshare', ['-m', 'sh', '-c', script, 'sh', folder.disk, process.execPath, writer]);
  expect(result.stdout).toMatch(/^full \/.*disk\/file: no space left on the disk \(after \d{7} bytes\)\nfile\nold\n$/);
});

test('a source without an end does not fill the disk where it was announced with one', async () => {
  let given = 0;
  const source: Source = {
    size: pieceSize,
    replayable: true,
    async *open() {
      for (; given < 100; given++) yield new Uint8Array(pieceSize);
    },
  };
  const writing = folder.remote().write(`${folder.path}/file`, source, {});
  await expect(writing).rejects.toMatchObject({ kind: 'corrupt' });
  expect(given).toBeLessThan(10);
  expect(readdirSync(folder.disk)).toEqual([]);
});

test('a quota that is used up is told as such, and leaves the old file', async () => {
  writeFileSync(join(folder.disk, 'file'), 'old');
  // As node spells EDQUOT; to set a quota up takes a disk of one's own.
  const { EDQUOT } = constants.errno;
  const code = `Unknown system error -${EDQUOT}`;
  const rename = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
    throw Object.assign(new Error(`${code}: ${code}, rename`), { errno: -EDQUOT, code, syscall: 'rename' });
  });
  onTestFinished(() => rename.mockRestore());
  const message = `/${folder.path}/file: the disk quota is used up (after 5 bytes)`;
  await expect(folder.remote().write(`${folder.path}/file`, hello, {})).rejects.toMatchObject({
    kind: 'full',
    message,
  });
  expect(readdirSync(folder.disk)).toEqual(['file']);
  expect(readFileSync(join(folder.disk, 'file'), 'utf8')).toBe('old');
});

test('a limit on file sizes fails with the path and the bytes, and leaves nothing', async () => {
  const script = 'ulimit -f 1024; "$2" "$3" "$1/file" 4194304; ls -A "$1"';
  const writer = buildWriter();
  const result = await run('bash', ['-c', script, 'bash', folder.disk, process.execPath, writer]);
  expect(result.stdout).toMatch(/^too-large .*file: the file is too large .*\(after 1048576 bytes\)\nwriter.mjs\n$/);
});

test('a kill in the middle of a write leaves the old file and one name that ends in .partial', async () => {
  const writer = buildWriter();
  writeFileSync(join(folder.disk, 'file'), 'old');
  const child = spawn(process.execPath, [writer, join(folder.disk, 'file'), String(2 ** 40)], { stdio: 'ignore' });
  while (!readdirSync(folder.disk).some((name) => name.endsWith('.partial')))
    await new Promise((r) => setTimeout(r, 5));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readFileSync(join(folder.disk, 'file'), 'utf8')).toBe('old');
  const others = readdirSync(folder.disk).filter((name) => name !== 'file' && name !== 'writer.mjs');
  expect(others).toEqual([expect.stringMatching(/^file\.[0-9a-f]{8}\.partial$/)]);
});

test.each([
  ['renamed', (disk: string) => renameSync(disk, `${disk}-elsewhere`)],
  ['removed', (disk: string) => rmSync(disk, { recursive: true })],
])('a write whose folder is %s meanwhile can be tried again', async (_, take) => {
  const remote = folder.remote();
  mkdirSync(join(folder.disk, 'dir'));
  const source: Source = {
    size: null,
    replayable: true,
    async *open() {
      yield Buffer.from('hello');
      take(join(folder.disk, 'dir'));
    },
  };
  const path = `${folder.path}/dir/file`;
  const message = `/${path}: its folder was removed or renamed while it was written`;
  await expect(remote.write(path, source, {})).rejects.toMatchObject({ kind: 'transient', retryable: true, message });
  await remote.write(path, hello, {});
  expect(readFileSync(join(folder.disk, 'dir/file'), 'utf8')).toBe('hello');
});

test('a copy whose folder is removed meanwhile can be tried again', async () => {
  const remote = folder.remote();
  mkdirSync(join(folder.disk, 'dir'));
  writeFileSync(join(folder.disk, 'file'), 'hello');
  const { open } = system;
  const opening = vi.spyOn(system, 'open').mockImplementation((disk, flags, mode) => {
    if (disk.endsWith('.partial')) rmSync(join(folder.disk, 'dir'), { recursive: true });
    return open(disk, flags, mode);
  });
  onTestFinished(() => opening.mockRestore());
  const copying = remote.copy?.(`${folder.path}/file`, `${folder.path}/dir/file`);
  await expect(copying).rejects.toMatchObject({ kind: 'transient', retryable: true });
});

test('a file system that refuses the permissions leaves the old file and nothing else', async () => {
  const remote = folder.remote();
  writeFileSync(join(folder.disk, 'file'), 'old');
  // None that a test could mount does; some behind FUSE do.
  const fchmod = vi.spyOn(fs, 'fchmodSync').mockImplementation(() => {
    throw Object.assign(new Error('no'), { code: 'EPERM', syscall: 'fchmod' });
  });
  onTestFinished(() => fchmod.mockRestore());
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  await expect(remote.write(`${folder.path}/file`, hello, {})).rejects.toMatchObject({ kind: 'denied' });
  expect(open()).toBe(before);
  expect(readdirSync(folder.disk)).toEqual(['file']);
  expect(readFileSync(join(folder.disk, 'file'), 'utf8')).toBe('old');
});

test('new files and folders get what the umask leaves, replaced files keep their permissions', async () => {
  const remote = folder.remote();
  const modeOf = (name: string) => statSync(join(folder.disk, name)).mode & 0o777;
  await remote.write(`${folder.path}/new/file`, hello, {});
  expect(modeOf('new/file')).toBe(0o666 & ~process.umask());
  expect(modeOf('new')).toBe(0o777 & ~process.umask());
  for (const mode of [0o600, 0o640, 0o777, 0o400]) {
    chmodSync(join(folder.disk, 'new/file'), mode);
    await remote.write(`${folder.path}/new/file`, hello, {});
    expect(modeOf('new/file')).toBe(mode);
    await remote.copy?.(`${folder.path}/new/file`, `${folder.path}/copied`);
    expect(modeOf('copied')).toBe(0o666 & ~process.umask());
    await remote.remove(`${folder.path}/copied`);
  }
});

test('neither a folder, nor a device, nor a path below a file is written over', async () => {
  const remote = folder.remote();
  mkdirSync(join(folder.disk, 'folder'));
  writeFileSync(join(folder.disk, 'file'), 'x');
  const put = (path: string) => failureOf(remote.write(path, hello, {}));
  expect(await put(`${folder.path}/folder`)).toBe('is-folder');
  expect(await put(`${folder.path}/file/below`)).toBe('is-file');
  expect(await put(`${folder.path}/file/far/below`)).toBe('is-file');
  expect(await failureOf(remote.makeDir(`${folder.path}/file`))).toBe('is-file');
  expect(await put('dev/null')).toBe('unsupported');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(readdirSync(folder.disk).sort()).toEqual(['file', 'folder']);
});

test('what this user may not write or read is denied by name', async () => {
  const writer = buildWriter();
  for (const above of [folder.disk, dirname(folder.disk)]) chmodSync(above, 0o755);
  // root may do everything: another user is needed.
  const asNobody = await run('setpriv', [
    ...['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, writer, join(folder.disk, 'file'), '5'],
  ]);
  expect(asNobody.stdout).toMatch(/^denied \/.*\/file: permission denied/);
});

test('a stream that fails in its first piece makes no file, one of no size makes an empty one', async () => {
  const remote = folder.remote();
  await expect(
    remote.write(
      `${folder.path}/file`,
      brokenSource(5, 0, () => Promise.reject(new Error('gone'))),
      {},
    ),
  ).rejects.toThrow('gone');
  expect(readdirSync(folder.disk)).toEqual([]);
  await remote.write(`${folder.path}/file`, sourceOf(new Uint8Array(0)), {});
  expect(statSync(join(folder.disk, 'file')).size).toBe(0);
});

const instants = [0n, -1n, -1_500_000_001n, 999_999_999n, 4_102_444_800_123_456_789n, 1_709_210_096_000_001_999n];

test('times before 1970 and after 2038 are set to the nanosecond', async () => {
  const remote = folder.remote();
  const path = `${folder.path}/file`;
  expect(remote.features.modifiedPrecision).toBe(1n);
  for (const modified of instants) {
    expect((await remote.write(path, hello, { modified })).modified).toBe(modified);
    expect(statSync(join(folder.disk, 'file'), { bigint: true }).mtimeNs).toBe(modified);
    await remote.write(path, hello, {});
    await remote.setModified?.(path, modified);
    expect((await remote.stat(path)).modified).toBe(modified);
  }
});

test("node's own calls set times to the microsecond, never one short; a newer Node's differ by less than one", () => {
  const disk = join(folder.disk, 'file');
  writeFileSync(disk, '');
  for (const modified of instants) {
    utimesSync(disk, secondsText(modified), secondsText(modified));
    const { mtimeNs } = statSync(disk, { bigint: true });
    expect(cutTo(nodePrecision, mtimeNs)).toBe(cutTo(nodePrecision, modified));
  }
});

test('times stay as the disk sets them where that is asked', async () => {
  const remote = folder.remote({ setsModified: false });
  const written = await remote.write(`${folder.path}/file`, hello, { modified: 0n });
  await remote.setModified?.(`${folder.path}/file`, 0n);
  expect(Number((await remote.stat(`${folder.path}/file`)).modified) / 1e6).toBeGreaterThan(Date.now() - 60_000);
  expect(written.modified).toBe((await remote.stat(`${folder.path}/file`)).modified);
  expect(remote.features.modifiedPrecision).toBeNull();
});

test('files are moved to another file system only by the caller', async () => {
  const remote = folder.remote();
  await remote.write(`${folder.path}/file`, sourceOf(patterned(10)), {});
  const elsewhere =
    statSync('/dev/shm').dev === statSync(folder.disk).dev ? 'tmp/coffer-moved' : 'dev/shm/coffer-moved';
  const move = remote.move?.(`${folder.path}/file`, elsewhere) ?? Promise.resolve();
  const failure = await move.catch((error: Failure) => error);
  expect(failure).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('another file system') });
  expect(readdirSync(folder.disk)).toEqual(['file']);
});

/** A program that writes so many bytes to a path with this remote and prints the kind and message of its failure. */
function buildWriter(): string {
  const outfile = join(folder.disk, 'writer.mjs');
  const entry = join(import.meta.dirname, 'writer.ts');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return outfile;
}

test('a folder that takes no new ones is an error at once', async () => {
  const remote = folder.remote();
  await expect(remote.makeDir('proc/nowhere/below')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(remote.write('proc/nowhere/below/file', hello, {})).rejects.toMatchObject({ kind: 'not-found' });
});

test('what is being written is in no listing until it is whole', async () => {
  const remote = folder.remote();
  const names = async () => {
    const paths: string[] = [];
    for await (const page of remote.list(folder.path)) paths.push(...page.map(({ path }) => path));
    return paths;
  };
  let seen: string[] | undefined;
  const source = {
    ...hello,
    async *open() {
      yield* hello.open();
      seen = await names();
      expect(readdirSync(folder.disk)).toHaveLength(1);
    },
  };
  await remote.write(`${folder.path}/file`, source, {});
  expect(seen).toEqual([]);
  expect(await names()).toEqual([`${folder.path}/file`]);
});

test('what comes whole is written whole, or leaves the old file', async () => {
  const remote = folder.remote();
  const disk = join(folder.disk, 'file');
  const path = `${folder.path}/file`;
  const source = (size: number, whole: NonNullable<Bytes['whole']>): Source => ({
    size,
    replayable: true,
    open: () => ({ [Symbol.asyncIterator]: () => hello.open()[Symbol.asyncIterator](), whole }),
  });
  const other = Buffer.from('other');
  for (const whole of [() => other, async () => other]) {
    expect(await remote.write(path, source(5, whole), { modified: 7n })).toEqual({
      kind: 'file',
      path,
      size: 5,
      modified: 7n,
    });
    expect(readFileSync(disk, 'utf8')).toBe('other');
  }
  await remote.write(
    path,
    source(5, () => null),
    {},
  );
  expect(readFileSync(disk, 'utf8')).toBe('hello');
  const broken = new Failure('corrupt', 'broken');
  const raise = (): never => {
    throw broken;
  };
  for (const whole of [raise, () => Promise.reject(broken), () => other.subarray(1)]) {
    expect(await failureOf(remote.write(path, source(5, whole), {}))).toBe('corrupt');
  }
  expect(readFileSync(disk, 'utf8')).toBe('hello');
  expect(readdirSync(folder.disk)).toEqual(['file']);
});
