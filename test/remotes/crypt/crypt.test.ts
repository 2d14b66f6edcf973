import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { collect, type Range, sourceOf } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { asCrypt } from '../../../src/remotes/crypt/as-crypt.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { recordingReport } from '../../config/rclone.ts';
import { digest, entriesOf, patterned } from '../../contract/remote/bench.ts';
import { localFolder } from '../local/folder.ts';
import { cryptOver } from './crypt-over.ts';

const root = 'bucket/sealed';
const sealedChunk = 65_552;
let memory: Remote;
let base: Location;
beforeEach(() => {
  memory = createMemoryRemote();
  base = { remote: memory, path: root };
});

const put = (remote: Remote, path: string, text: string | Uint8Array) =>
  remote.write(path, sourceOf(Buffer.from(text)), { modified: 1_000_000_000n });
const paths = async (remote: Remote, dir = '') => (await entriesOf(remote.list(dir))).map(({ path }) => path).sort();
const text = async (remote: Remote, path: string) => Buffer.from(await collect(remote.read(path))).toString();
const everything = (remote: Remote, dir = '') => entriesOf(remote.walk?.(dir) ?? remote.list(dir));
const sealedFiles = async () => (await everything(memory, 'bucket')).map(({ path }) => path);

test('a file that lies under its name in capitals is read and removed once a listing has shown it, as by rclone', async () => {
  const crypt = await cryptOver(base);
  await put(crypt, 'job/a.txt', 'hello');
  const [sealed = ''] = await sealedFiles();
  const slash = sealed.lastIndexOf('/');
  const capitals = sealed.slice(0, slash) + sealed.slice(slash).toUpperCase();
  await memory.move?.(sealed, capitals);
  const fresh = await cryptOver(base);
  expect(await paths(fresh, 'job')).toEqual(['job/a.txt']);
  expect(await text(fresh, 'job/a.txt')).toBe('hello');
  await fresh.remove('job/a.txt');
  expect(await sealedFiles()).toEqual([]);
});

describe('a wrong password', () => {
  test.for([
    { filename_encryption: 'standard' },
    { filename_encryption: 'obfuscate' },
    { filename_encryption: 'standard', directory_name_encryption: false },
  ] as const)('is an error and not an empty listing, with %o', async (own) => {
    const right = await cryptOver(base, own);
    for (const name of ['a.txt', 'b.txt', 'sub/c.txt']) await put(right, `job/${name}`, name);
    const wrong = await cryptOver(base, { ...own, password: 'tomato' });
    const failure = {
      kind: 'wrong-password',
      message: expect.stringMatching(/^no name in secret:.* decrypts \(of \d\): wrong password/),
    };
    const dir = own.directory_name_encryption === false ? 'job' : '';
    await expect(entriesOf(wrong.list(dir))).rejects.toMatchObject(failure);
    await expect(everything(wrong, dir)).rejects.toMatchObject(failure);
    expect(await paths(right, 'job')).toEqual(['job/a.txt', 'job/b.txt', 'job/sub']);
  });

  test('fails at a file whose name is plain, and says what may be wrong', async () => {
    const own = { filename_encryption: 'off' } as const;
    await put(await cryptOver(base, own), 'a.txt', 'x');
    const wrong = await cryptOver(base, { ...own, password: 'tomato' });
    expect(await paths(wrong)).toEqual(['a.txt']);
    await expect(text(wrong, 'a.txt')).rejects.toMatchObject({
      kind: 'corrupt',
      path: 'a.txt',
      message: 'cannot open chunk 0 of a.txt: wrong password or corrupt data',
    });
  });

  test('is an error in a folder, which seems not to be there', async () => {
    await put(await cryptOver(base), 'job/a.txt', 'x');
    const wrong = await cryptOver(base, { password: 'tomato' });
    for (const dir of ['job', 'new/folder']) {
      await expect(entriesOf(wrong.list(dir))).rejects.toMatchObject({
        kind: 'wrong-password',
        message: 'no name in secret: decrypts (of 1): wrong password, or other data is stored there',
      });
    }
  });

  test('is not suspected in a folder that is new, beside sealed files and what was never sealed', async () => {
    await put(memory, `${root}/0123456789abcdef0123456789abcdef`, 'x');
    await put(memory, `${root}/raw/reads.bam`, 'x');
    const remote = await cryptOver(base);
    expect(await paths(remote, 'job')).toEqual([]);
    await put(remote, 'job/a.txt', 'x');
    expect(await paths(remote, 'other')).toEqual([]);
  });

  test('is not suspected where the top folder cannot be listed', async () => {
    await put(await cryptOver(base), 'job/a.txt', 'x');
    const denying: Remote = {
      ...memory,
      list: (dir, call) => {
        if (dir === root) throw new Failure('denied', 'no');
        return memory.list(dir, call);
      },
    };
    const remote = await cryptOver({ remote: denying, path: root });
    expect(await paths(remote, 'new')).toEqual([]);
    await put(remote, 'new/a.txt', 'x');
    expect(await paths(remote, 'new')).toEqual(['new/a.txt']);
  });

  test('is not suspected where rclone has only made a folder whose name ends like a version', async () => {
    const remote = await cryptOver(base);
    const sealed = asCrypt(remote)?.sealName('job-v2026-01-31-120000-000');
    await put(memory, `${root}/${sealed}/kept`, '');
    expect(await paths(remote)).toEqual([]);
    await expect(paths(await cryptOver(base, { password: 'tomato' }))).rejects.toMatchObject({
      kind: 'wrong-password',
    });
  });

  test('is not suspected where nothing is stored', async () => {
    const remote = await cryptOver(base);
    await memory.makeDir('bucket');
    expect(await paths(remote)).toEqual([]);
  });
});

describe('names that do not decrypt', () => {
  test('are skipped, counted and told', async () => {
    const report = recordingReport();
    const remote = await cryptOver(base, {}, report);
    await put(remote, 'a.txt', 'x');
    for (const name of ['readme.txt', '.DS_Store', 'folder/file']) await put(memory, `${root}/${name}`, 'x');
    expect(await paths(remote)).toEqual(['a.txt']);
    expect(report.lines.filter((line) => line.startsWith('notice'))).toEqual([
      'notice secret:: names that do not decrypt, skipped: 3 (.DS_Store, folder, readme.txt)',
    ]);
  });

  test('are alone in a folder that was found by its own encrypted name: no wrong password', async () => {
    const report = recordingReport();
    const remote = await cryptOver(base, {}, report);
    await put(remote, 'sub/a.txt', 'x');
    const [sealed] = await entriesOf(memory.list(root));
    await put(memory, `${sealed?.path}/.DS_Store`, 'x');
    await remote.remove('sub/a.txt');
    expect(await paths(remote)).toEqual(['sub']);
    expect(await paths(remote, 'sub')).toEqual([]);
    expect(report.lines).toContainEqual(
      expect.stringMatching(/^notice secret:sub: names that do not decrypt, skipped: 1 \(.*\/\.DS_Store\)$/),
    );
  });

  test('are no sign of a wrong password where they are of files that are being written', async () => {
    const report = recordingReport();
    const name = 'm8bc3cvrbsi84gf245q37ls1o8.0123abcd.partial';
    await put(memory, `${root}/${name}`, 'x');
    for (const strict_names of [false, true]) {
      expect(await paths(await cryptOver(base, { strict_names }, report))).toEqual([]);
      expect(report.lines.splice(0)).toContain(
        `notice secret:: files that are being written, or were when a program was killed, skipped: 1 (${name})`,
      );
    }
    await put(memory, `${root}/m8bc3cvrbsi84gf245q37ls1o8`, 'x');
    await expect(paths(await cryptOver(base))).rejects.toMatchObject({ kind: 'wrong-password' });
  });

  test('are an error where names are strict', async () => {
    const remote = await cryptOver(base, { strict_names: true });
    await put(remote, 'a.txt', 'x');
    await put(memory, `${root}/readme.txt`, 'x');
    await expect(paths(remote)).rejects.toMatchObject({
      kind: 'corrupt',
      message: 'readme.txt: the name does not decrypt',
    });
  });

  test('are those without the suffix where names are off, and then no wrong password', async () => {
    const remote = await cryptOver(base, { filename_encryption: 'off' });
    await put(memory, `${root}/readme.txt`, 'x');
    expect(await paths(remote)).toEqual([]);
  });
});

test('the mapping of names is told where that is asked for', async () => {
  const report = recordingReport();
  const remote = await cryptOver(base, { show_mapping: true }, report);
  await put(remote, 'job/a.txt', 'x');
  await paths(remote, 'job');
  const crypt = asCrypt(remote);
  expect(report.lines).toEqual([`notice job/a.txt: Encrypts to "${crypt?.sealName('job/a.txt')}"`]);
});

test('a file of a length that no sealed file has is shown, told and not read', async () => {
  const report = recordingReport();
  const remote = await cryptOver(base, {}, report);
  await put(remote, 'a.txt', 'hello');
  const [path = ''] = await sealedFiles();
  await put(memory, path, (await collect(memory.read(path))).subarray(0, 45));
  expect(await entriesOf(remote.list(''))).toMatchObject([{ path: 'a.txt', size: -1 }]);
  expect(await remote.stat('a.txt')).toMatchObject({ size: -1 });
  expect(report.lines[0]).toMatch(/^notice a\.txt: damaged: no encrypted file has 45 bytes/);
  await expect(text(remote, 'a.txt')).rejects.toMatchObject({ kind: 'corrupt', path: 'a.txt' });
  await remote.remove('a.txt');
});

test('bad blocks pass as zeros where that is asked for', async () => {
  const report = recordingReport();
  const plain = patterned(200_000);
  await put(await cryptOver(base), 'a', plain);
  const [path = ''] = await sealedFiles();
  const sealed = await collect(memory.read(path));
  sealed.fill(1, 32 + sealedChunk, 32 + sealedChunk + 3);
  await put(memory, path, sealed);
  const read = await collect((await cryptOver(base, { pass_bad_blocks: true }, report)).read('a'));
  expect(digest(read)).toBe(digest(plain.slice().fill(0, 65_536, 131_072)));
  expect(report.lines).toEqual(['error a: cannot open chunk 1 of a: wrong password or corrupt data']);
});

test('neither names nor content reach the base in the clear, nor the kind of file', async () => {
  // Long enough not to come up by chance in random bytes or in a time.
  const secret = 'patient-0815-4711';
  const content = Buffer.from(`${secret} `.repeat(20_000));
  for (const filename_encoding of ['base32', 'base64', 'base32768'] as const) {
    const remote = await cryptOver(base, { filename_encoding });
    const info = { mimeType: 'text/x-patient' };
    const { path } = await remote.write(`${secret}/${secret}.txt`, sourceOf(content), info);
    await remote.copy?.(path, `${secret}/copy-${secret}`);
    await remote.move?.(path, `${secret}/move-${secret}`);
  }
  const stored = await everything(memory, 'bucket');
  expect(stored).toHaveLength(6);
  for (const entry of stored) {
    expect(JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
      /patient|0815-4711/,
    );
    expect(Buffer.from(await collect(memory.read(entry.path))).includes('0815-4711')).toBe(false);
  }
});

describe('a range', () => {
  test('is the slice of the whole', async () => {
    const remote = await cryptOver(base);
    const plain = patterned(65_536 * 3 + 1000);
    await put(remote, 'a', plain);
    const edge = fc.oneof(
      fc.nat(plain.length + 100),
      fc.tuple(fc.nat(4), fc.integer({ min: -2, max: 2 })).map(([chunk, by]) => Math.max(0, chunk * 65_536 + by)),
    );
    await fc.assert(
      fc.asyncProperty(edge, fc.option(edge), async (a, b) => {
        const range = b === null ? { start: a } : { start: Math.min(a, b), end: Math.max(a, b) };
        const slice = plain.subarray(range.start, range.end ?? plain.length);
        expect(Buffer.compare(await collect(remote.read('a', range)), slice)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('asks the base for the header and the chunks it needs, nothing more', async () => {
    const asked: (Range | undefined)[] = [];
    const watched: Remote = {
      ...memory,
      read(path, range, call) {
        asked.push(range);
        return memory.read(path, range, call);
      },
    };
    const remote = await cryptOver({ remote: watched, path: root });
    await put(remote, 'a', patterned(65_536 * 5));
    for (const range of [
      undefined,
      { start: 0, end: 10 },
      { start: 65_536 * 2 + 5, end: 65_536 * 3 + 1 },
      { start: 65_536 },
    ]) {
      await collect(remote.read('a', range));
    }
    expect(asked).toEqual([
      { start: 0 },
      { start: 0, end: 32 + sealedChunk },
      { start: 0, end: 32 },
      { start: 32 + 2 * sealedChunk, end: 32 + 4 * sealedChunk },
      // What the header says is known by now.
      { start: 32 + sealedChunk },
    ]);
  });

  test('is of the file that stands there, whatever was read there before', async () => {
    const remote = await cryptOver(base);
    const range = { start: 65_536 * 2 + 5, end: 65_536 * 3 + 1 };
    const read = () => collect(remote.read('a', range));
    for (const seed of [1, 2]) {
      const plain = patterned(65_536 * 5).map((byte) => byte + seed);
      await put(remote, 'a', plain);
      for (let again = 0; again < 2; again++) {
        expect(Buffer.compare(await read(), plain.subarray(range.start, range.end))).toBe(0);
      }
    }
    const [sealed] = await sealedFiles();
    await put(memory, sealed ?? '', patterned(65_536 * 6));
    await expect(read()).rejects.toMatchObject({ kind: 'corrupt', path: 'a' });
    await memory.remove(sealed ?? '');
    await expect(read()).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('of bad chunks that are passed on is of the file that stands there too', async () => {
    const remote = await cryptOver(base, { pass_bad_blocks: true });
    for (const seed of [1, 2]) {
      const plain = patterned(65_536 * 2).map((byte) => byte + seed);
      await put(remote, 'a', plain);
      expect(Buffer.compare(await collect(remote.read('a', { start: 65_536 })), plain.subarray(65_536))).toBe(0);
    }
  });
});

test('what the base sends in parts and again is the same sealed file', async () => {
  const plain = patterned(65_536 * 3 + 1000);
  const inParts: Remote = {
    ...memory,
    async write(path, source, info) {
      const size = source.size ?? 0;
      const ranges = Array.from({ length: 4 }, (_, i) => ({
        start: i * 60_000,
        end: Math.min(size, (i + 1) * 60_000),
      }));
      await collect(source.open(ranges[1]));
      const parts = await Promise.all(ranges.map((range) => collect(source.open(range))));
      return memory.write(path, sourceOf(Buffer.concat(parts)), info);
    },
  };
  const remote = await cryptOver({ remote: inParts, path: root });
  await put(remote, 'a', plain);
  expect(digest(await collect(remote.read('a')))).toBe(digest(plain));
});

test('two writes of the same bytes share nothing', async () => {
  const remote = await cryptOver(base);
  await put(remote, 'a', patterned(1000));
  await put(remote, 'b', patterned(1000));
  const [first, second] = await Promise.all((await sealedFiles()).map((path) => collect(memory.read(path))));
  expect(
    Buffer.compare(first?.subarray(8, 32) ?? new Uint8Array(), second?.subarray(8, 32) ?? new Uint8Array()),
  ).not.toBe(0);
  expect(digest(first?.subarray(32) ?? new Uint8Array())).not.toBe(digest(second?.subarray(32) ?? new Uint8Array()));
});

test('what the base cannot do, the crypt remote cannot do', async () => {
  const { walk, copy, move, purge, setModified, hash, ...poor } = memory;
  const remote = await cryptOver({ remote: poor, path: root });
  for (const method of ['walk', 'copy', 'move', 'purge', 'setModified', 'hash', 'about']) {
    expect(remote).not.toHaveProperty(method);
  }
  expect((await cryptOver(base)).hash).toBeUndefined();
  expect(remote.features.hashes).toEqual([]);
});

test('failures of the base name the plain path', async () => {
  const remote = await cryptOver(base);
  await put(remote, 'job/a', 'x');
  await expect(remote.stat('job/missing')).rejects.toMatchObject({
    kind: 'not-found',
    path: 'job/missing',
    message: 'job/missing: no such file in memory:',
  });
  await expect(text(remote, 'job/missing')).rejects.toMatchObject({ path: 'job/missing' });
  await expect(put(remote, `job/${'x'.repeat(3000)}`, 'x')).rejects.toMatchObject({ kind: 'too-large' });
});

test('failures of a folder name the plain path, which is none of the disk', async () => {
  const folder = localFolder();
  const remote = await cryptOver({ remote: folder.remote(), path: folder.path });
  await put(remote, 'job/a', 'x');
  await expect(remote.stat('job/missing')).rejects.toMatchObject({ message: 'job/missing: no such file' });
  await expect(remote.removeDir('job')).rejects.toMatchObject({ message: 'job: the folder is not empty' });
});

describe('for commands that look below the surface', () => {
  test('a crypt remote tells how it seals paths, another remote is none', async () => {
    const remote = await cryptOver(base);
    const crypt = asCrypt(remote);
    expect(crypt?.base).toBe(base);
    const sealed = crypt?.sealName('job/a.txt') ?? '';
    expect(crypt?.openName(sealed)).toBe('job/a.txt');
    expect(crypt?.openName(crypt.sealName('job', 'folder'), 'folder')).toBe('job');
    expect(crypt?.openName('readme.txt')).toBeNull();
    expect(asCrypt(memory)).toBeNull();
  });

  test('the sealed hash of a source is the hash of its sealed file, if they are the same', async () => {
    const plain = patterned(200_000);
    for (const no_data_encryption of [false, true]) {
      const remote = await cryptOver(base, { no_data_encryption });
      await put(remote, 'a', plain);
      const crypt = asCrypt(remote);
      const stored = await memory.hash?.(`${root}/${crypt?.sealName('a')}`, 'sha1');
      expect(await crypt?.sealedHash('a', sourceOf(plain), 'sha1')).toBe(stored);
      expect(await crypt?.sealedHash('a', sourceOf(plain.slice(1)), 'sha1')).not.toBe(stored);
    }
    const crypt = asCrypt(await cryptOver(base));
    await expect(crypt?.sealedHash('missing', sourceOf(plain), 'md5')).rejects.toMatchObject({ kind: 'not-found' });
  });
});
