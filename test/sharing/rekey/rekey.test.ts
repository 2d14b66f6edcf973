import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import { joinPath } from '../../../src/core/path.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { asCrypt } from '../../../src/remotes/crypt/as-crypt.ts';
import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { testFolder } from '../../config/rclone.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { localFolder } from '../../remotes/local/folder.ts';
import { type Bench, before, createBench, next, storedNames, time } from './bench.ts';

const folder = testFolder('rekey');
const both = { ...next, previous_password: before.password, previous_password2: before.password2 };
const tree = { a: 'alpha', 'dir/b': 'beta', 'dir/sub/c': 'gamma', 'dir/empty': '', 'é ü': 'name' };

const modes: readonly Partial<CryptOptions>[] = [
  {},
  { directory_name_encryption: false },
  { filename_encryption: 'obfuscate' },
  { filename_encryption: 'off' },
  { no_data_encryption: true },
];

describe.each(modes)('with %o', (own) => {
  test('every file, its name and its time get the new passwords, and nothing else is left', async () => {
    const bench = createBench(folder, own);
    await bench.put(before, tree);
    const count = (await storedNames(bench.base)).length;
    expect(await bench.rekey()).toBe(true);
    expect(await bench.tree(next)).toEqual(tree);
    expect((await (await bench.opened(next)).stat('dir/b')).modified).toBe(time);
    expect(await storedNames(bench.base)).toHaveLength(count);
    expect(bench.passwords()).toEqual(next);
    expect(await bench.tree(before)).not.toEqual(tree);
  });

  test('what a failure stopped is readable all the time, and goes on', async () => {
    const bench = createBench(folder, own);
    await bench.put(before, tree);
    let writes = 0;
    bench.wrap = (remote) => ({
      ...remote,
      async write(...args) {
        if (writes++ === 3) throw new Failure('fatal', 'the store is gone');
        return remote.write(...args);
      },
    });
    await expect(bench.rekey(bench.at({ transfers: 1 }))).rejects.toThrow('the store is gone');
    expect(bench.passwords()).toEqual(both);
    expect(await bench.tree(both)).toEqual(tree);
    expect(await storedNames(bench.base)).toContain('.coffer-rekey');
    bench.wrap = (remote) => remote;
    expect(await bench.rekey()).toBe(true);
    expect(await bench.tree(next)).toEqual(tree);
    expect(bench.passwords()).toEqual(next);
    expect(await storedNames(bench.base)).not.toContain('.coffer-rekey');
  });
});

test('what ends while others are told of the new passwords is not done all over again', async () => {
  const bench = createBench(folder);
  await bench.put(before, tree);
  bench.conclude = () => Promise.reject(new Failure('fatal', 'the share cannot be written'));
  await expect(bench.rekey()).rejects.toThrow('the share cannot be written');
  expect(bench.passwords()).toEqual(both);
  const sealed = await storedNames(bench.base);
  bench.conclude = async () => {};
  expect(await bench.rekey()).toBe(true);
  expect(bench.passwords()).toEqual(next);
  expect(await storedNames(bench.base)).toEqual(sealed);
});

test('folders of a disk are made anew, empty ones too, and no old one is left', async () => {
  const disk = localFolder();
  const bench = createBench(folder, {}, { remote: disk.remote(), path: disk.path });
  await bench.put(before, tree);
  await (await bench.opened(before)).makeDir('dir/nothing/in/it');
  expect(await bench.rekey()).toBe(true);
  expect(await bench.tree(next)).toEqual({ ...tree, 'dir/nothing/in/it/': '' });
  expect(await storedNames(bench.base)).toHaveLength(3);
  disk.remove();
});

test('a remote in which nothing was ever stored only gets its new passwords', async () => {
  const bench = createBench(folder);
  expect(await bench.rekey()).toBe(true);
  expect(bench.passwords()).toEqual(next);
});

test('a remote that had no second password gets one', async () => {
  const bench = createBench(folder);
  await bench
    .at()
    .configFile()
    .update((draft) => draft.unset('secret', ['password2']));
  await bench.put({ password: before.password }, tree);
  expect(await bench.rekey()).toBe(true);
  expect(await bench.tree(next)).toEqual(tree);
});

describe('a file that does not open', () => {
  test.for([{}, { filename_encryption: 'off' }, { pass_bad_blocks: true }] as const)(
    'stays as it is and readable as far as it was, with %o',
    async (own) => {
      const bench = createBench(folder, own);
      const data = Buffer.from(patterned(200_000)).toString('latin1');
      await bench.put(before, { ...tree, 'dir/bad': data, cut: 'cut' });
      const old = asCrypt(await bench.opened(before));
      const sealedPath = (path: string) => joinPath(bench.base.path, old?.sealName(path) ?? '');
      const { remote } = bench.base;
      const bad = await collect(remote.read(sealedPath('dir/bad')));
      bad.fill(1, 100_000, 100_003);
      await remote.write(sealedPath('dir/bad'), sourceOf(bad), { modified: time });
      const cut = (await collect(remote.read(sealedPath('cut')))).subarray(0, 40);
      await remote.write(sealedPath('cut'), sourceOf(cut), { modified: time });

      const at = bench.at();
      expect(await bench.rekey(at)).toBe(false);
      expect(at.session.progress.errors).toBe(2);
      expect(at.session.lines.filter((line) => line.startsWith('ERROR')).sort()).toEqual([
        expect.stringMatching(/^ERROR cut: Failed to re-encrypt: .*cut/),
        expect.stringMatching(/^ERROR dir\/bad: Failed to re-encrypt: cannot open chunk 1 of dir\/bad/),
      ]);
      expect(bench.passwords()).toEqual(both);
      expect(Buffer.from(await collect(remote.read(sealedPath('dir/bad')))).equals(bad)).toBe(true);
      expect(Buffer.from(await collect(remote.read(sealedPath('cut')))).equals(cut)).toBe(true);
      expect(await bench.tree(next)).toMatchObject(tree);

      await (await bench.opened(both)).remove('cut');
      await (await bench.opened(both)).remove('dir/bad');
      expect(await bench.rekey()).toBe(true);
      expect(bench.passwords()).toEqual(next);
    },
  );

  test('because the disk is full stays under the old passwords', async () => {
    const bench = createBench(folder);
    await bench.put(before, tree);
    bench.wrap = (remote) => ({
      ...remote,
      async write(path, source, ...rest) {
        if (source.size === 32 + 16 + 4) throw new Failure('full', 'no space left on device', { path });
        return remote.write(path, source, ...rest);
      },
    });
    expect(await bench.rekey()).toBe(false);
    expect(await bench.tree(before)).toEqual({ 'dir/b': 'beta', 'é ü': 'name' });
    expect(await bench.tree(both)).toEqual(tree);
  });
});

describe('somebody else', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = createBench(folder);
    await bench.put(before, { a: 'alpha' });
  });

  /** Does `act` once, when the new form of the file has been written. */
  const afterWriting = (act: () => Promise<void>) => {
    let isDone = false;
    bench.wrap = (remote) => ({
      ...remote,
      async write(path, ...rest) {
        const written = await remote.write(path, ...rest);
        if (!path.endsWith('.coffer-rekey') && !isDone) {
          isDone = true;
          await act();
        }
        return written;
      },
    });
  };
  /** Does `act` once, when the old form is being read. */
  const whileReading = (act: () => Promise<void>) => {
    let isDone = false;
    bench.wrap = (remote) => ({
      ...remote,
      async *read(path, range, call) {
        // The look at the beginning, whether the passwords are right, is none.
        if (!path.endsWith('.coffer-rekey') && range?.end === undefined && !isDone) {
          isDone = true;
          await act();
        }
        yield* remote.read(path, range, call);
      },
    });
  };

  test('changes it on a disk, where the new form is read back: the change counts', async () => {
    const disk = localFolder();
    bench = createBench(folder, {}, { remote: disk.remote(), path: disk.path });
    await bench.put(before, { a: 'alpha' });
    afterWriting(() => bench.put(before, { a: 'alpha changed' }));
    expect(await bench.rekey()).toBe(true);
    expect(await bench.tree(next)).toEqual({ a: 'alpha changed' });
    disk.remove();
  });

  const moments = { 'after the new form was written': afterWriting, 'while the old form is read': whileReading };
  describe.each(Object.entries(moments))('%s', (_, at) => {
    test('changes it with the old passwords: the change counts', async () => {
      at(() => bench.put(before, { a: 'alpha changed' }));
      expect(await bench.rekey()).toBe(true);
      expect(await bench.tree(next)).toEqual({ a: 'alpha changed' });
    });

    test('writes it with both: what was written counts', async () => {
      at(() => bench.put(both, { a: 'alpha by another' }));
      expect(await bench.rekey()).toBe(true);
      expect(await bench.tree(next)).toEqual({ a: 'alpha by another' });
    });

    test('adds another with the old passwords: it is found', async () => {
      at(() => bench.put(before, { 'late/b': 'beta' }));
      expect(await bench.rekey()).toBe(true);
      expect(await bench.tree(next)).toEqual({ a: 'alpha', 'late/b': 'beta' });
    });
  });

  test('does the same at the same time: every file is there once', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`file-${i}`, `content ${i}`]));
    await bench.put(before, files);
    bench.wrap = stopsAtFirstFile;
    await expect(bench.rekey()).rejects.toThrow('stopped');
    // Each step of each of them may fall between any two of the other.
    bench.wrap = (remote) => ({
      ...remote,
      async stat(...args) {
        await sleep(Math.random() * 4);
        return remote.stat(...args);
      },
      async write(...args) {
        await sleep(Math.random() * 4);
        const written = await remote.write(...args);
        await sleep(Math.random() * 4);
        return written;
      },
    });
    const outcomes = await Promise.all([bench.rekey(), bench.rekey()]);
    expect(outcomes).toEqual([true, true]);
    expect(await bench.tree(next)).toEqual({ a: 'alpha', ...files });
    expect(await storedNames(bench.base)).toHaveLength(41);
  });

  test('has removed it: the newly encrypted file stays, and that is told', async () => {
    afterWriting(async () => (await bench.opened(before)).remove('a'));
    const at = bench.at();
    expect(await bench.rekey(at)).toBe(true);
    expect(at.session.lines).toContain(
      'NOTICE a: somebody else has removed or moved it meanwhile: the newly encrypted file stays',
    );
  });

  test('has written it under both: neither is lost', async () => {
    await bench.put(next, { a: 'another' });
    const at = bench.at();
    expect(await bench.rekey(at)).toBe(true);
    expect(await bench.tree(next)).toEqual({ a: 'another', 'a.previous-1': 'alpha' });
    expect(at.session.lines).toContain(
      'NOTICE a: another file has this name now: the one with the previous passwords becomes a.previous-1',
    );
  });

  test('was stopped before the old form went: it goes, and nothing is written again', async () => {
    await bench.put(next, { a: 'alpha' });
    const [, written] = await storedNames(bench.base);
    const sealed = joinPath(bench.base.path, written ?? '');
    const then = Buffer.from(await collect(bench.base.remote.read(sealed)));
    expect(await bench.rekey()).toBe(true);
    expect(await storedNames(bench.base)).toHaveLength(1);
    const names = await storedNames(bench.base);
    if (names.includes(written ?? '')) {
      expect(Buffer.from(await collect(bench.base.remote.read(sealed))).equals(then)).toBe(true);
    }
  });
});

test('a new form that is read back wrong goes, and the old one stays', async () => {
  const disk = localFolder();
  const bench = createBench(folder, {}, { remote: disk.remote(), path: disk.path });
  await bench.put(before, { a: 'alpha' });
  const old = joinPath(disk.path, asCrypt(await bench.opened(before))?.sealName('a') ?? '');
  bench.wrap = (remote) => ({
    ...remote,
    async *read(path, ...rest) {
      for await (const piece of remote.read(path, ...rest)) {
        if (path !== old && !path.endsWith('.coffer-rekey')) piece[40] = (piece[40] ?? 0) ^ 1;
        yield piece;
      }
    },
  });
  const at = bench.at();
  expect(await bench.rekey(at)).toBe(false);
  expect(at.session.lines).toContainEqual(expect.stringMatching(/^ERROR a: Failed to re-encrypt/));
  expect(await bench.tree(before)).toEqual({ a: 'alpha' });
  disk.remove();
});

describe('another rekey', () => {
  test('with other passwords is refused, before anything is changed', async () => {
    const bench = createBench(folder);
    await bench.put(before, tree);
    const theirs = { password: 'their potato', password2: 'their salt' };
    const other = createBench(folder, {}, bench.base);
    await other
      .at()
      .configFile()
      .update((draft) => draft.set('secret', new Map()));
    other.wrap = stopsAtFirstFile;
    await expect(other.rekey()).rejects.toThrow('stopped');
    expect(theirs.password).not.toBe(next.password);
    // This one has only the old ones.
    await expect(bench.rekey()).rejects.toMatchObject({
      kind: 'denied',
      message:
        'secret: is being given new passwords already, which are not in this config: ask its maker for a new share, or wait until that is done',
    });
    expect(bench.passwords()).toEqual(before);
    expect(await bench.tree(before)).toEqual(tree);
  });

  test('with the same new passwords goes on at a second site, which learns the old ones from the marker', async () => {
    const bench = createBench(folder);
    await bench.put(before, tree);
    bench.wrap = stopsAtFirstFile;
    await expect(bench.rekey()).rejects.toThrow('stopped');
    bench.wrap = (remote) => remote;
    const joined = createBench(folder, {}, bench.base);
    await joined
      .at()
      .configFile()
      .update(async (draft) => {
        const { obscure } = await import('../../../src/config/obscure.ts');
        draft.set('secret', new Map(Object.entries(next).map(([key, value]) => [key, obscure(value)])));
      });
    expect(await joined.rekey()).toBe(true);
    expect(await joined.tree(next)).toEqual(tree);
    // The first has nothing left to do.
    expect(await bench.rekey()).toBe(true);
    expect(bench.passwords()).toEqual(next);
  });

  test('that begins in the same moment, and writes its marker last, stops us before a file is touched', async () => {
    const bench = createBench(folder);
    await bench.put(before, tree);
    const sealed = await storedNames(bench.base);
    bench.wait = async () => {
      await bench.base.remote.write(joinPath(bench.base.path, '.coffer-rekey'), sourceOf(Buffer.from('another')), {});
    };
    await expect(bench.rekey()).rejects.toMatchObject({ kind: 'fatal' });
    expect((await storedNames(bench.base)).filter((name) => name !== '.coffer-rekey')).toEqual(sealed);
    expect(await bench.tree(before)).toEqual(tree);
    expect(bench.passwords()).toEqual(both);
  });

  test('that takes the place of ours stops us', async () => {
    const bench = createBench(folder);
    await bench.put(before, tree);
    let isReplaced = false;
    bench.wrap = (remote) => ({
      ...remote,
      async write(path, source, ...rest) {
        const isMarker = path.endsWith('.coffer-rekey') && !isReplaced;
        if (isMarker) isReplaced = true;
        return remote.write(path, isMarker ? sourceOf(Buffer.from('another')) : source, ...rest);
      },
    });
    await expect(bench.rekey()).rejects.toMatchObject({ kind: 'fatal' });
    expect(await bench.tree(before)).toEqual(tree);
    expect(bench.passwords()).toEqual(both);
  });
});

function stopsAtFirstFile(remote: Remote): Remote {
  return {
    ...remote,
    async write(path, ...rest) {
      if (!path.endsWith('.coffer-rekey')) throw new Failure('fatal', 'stopped');
      return remote.write(path, ...rest);
    },
  };
}

describe('what is refused, with the config as it was', () => {
  test.for([{}, { filename_encryption: 'off' }] as const)('a wrong password, with %o', async (own) => {
    const bench = createBench(folder, own);
    await bench.put({ password: 'quite another' }, tree);
    await expect(bench.rekey()).rejects.toMatchObject({ kind: 'wrong-password' });
    expect(bench.passwords()).toEqual(before);
  });

  test.for(['password_command', 'password_file', 'password2_command'])('a password from %s', async (option) => {
    const bench = createBench(folder);
    await bench
      .at()
      .configFile()
      .update((draft) => draft.set('secret', new Map([[option, 'echo x']])));
    await expect(bench.rekey()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(
        `the password of "secret" comes from ${option}, where rekey cannot put a new one`,
      ),
    });
  });

  test('a password from the environment', async () => {
    const bench = createBench(folder);
    for (const variable of ['RCLONE_CONFIG_SECRET_PASSWORD', 'RCLONE_CRYPT_PASSWORD2']) {
      await expect(bench.rekey(bench.at({}, { [variable]: 'x' }))).rejects.toThrow(/^the environment sets password/);
    }
    expect(bench.passwords()).toEqual(before);
  });

  test('passwords that are not those of the config', async () => {
    const bench = createBench(folder, { password: 'by a flag' });
    const at = bench.at();
    const location = async () => ({ remote: await bench.opened({ password: 'by a flag' }), path: '' });
    await expect(bench.rekey({ ...at, location })).rejects.toThrow('the passwords in use are not those of the config');
    expect(bench.passwords()).toEqual(before);
  });

  test('a remote that encrypts the names of buckets', async () => {
    const bench = createBench(folder, {}, { remote: createMemoryRemote(), path: '' });
    await expect(bench.rekey()).rejects.toMatchObject({ kind: 'unsupported' });
  });

  test('the password that it has', async () => {
    const bench = createBench(folder);
    await bench
      .at()
      .configFile()
      .update(async (draft) => {
        const { obscure } = await import('../../../src/config/obscure.ts');
        draft.set('secret', new Map([['password', obscure(next.password)]]));
      });
    await expect(bench.rekey()).rejects.toThrow('the new password is the old one');
  });
});
