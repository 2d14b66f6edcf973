import { beforeEach, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { joinPath } from '../../../src/core/path.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { asCrypt } from '../../../src/remotes/crypt/as-crypt.ts';
import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { writeMarker } from '../../../src/remotes/crypt/rekey-marker.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { recordingReport } from '../../config/rclone.ts';
import { entriesOf, failureOf, patterned } from '../../contract/remote/bench.ts';
import { localFolder } from '../local/folder.ts';
import { cryptOver } from './crypt-over.ts';

const before = { password: 'old potato', password2: 'old salt' };
const now = { password: 'new potato', password2: 'new salt' };
const both = { ...now, previous_password: before.password, previous_password2: before.password2 };

const modes: readonly Partial<CryptOptions>[] = [
  {},
  { directory_name_encryption: false },
  { filename_encryption: 'obfuscate' },
  { filename_encryption: 'off' },
];

interface Trio {
  readonly base: Location;
  /** With the previous passwords only, with the new ones only, with both. */
  readonly old: Remote;
  readonly fresh: Remote;
  readonly either: Remote;
  readonly lines: readonly string[];
}

async function trioOver(base: Location, own: Partial<CryptOptions> = {}): Promise<Trio> {
  const report = recordingReport();
  return {
    base,
    old: await cryptOver(base, { ...own, ...before }, report),
    fresh: await cryptOver(base, { ...own, ...now }, report),
    either: await cryptOver(base, { ...own, ...both }, report),
    lines: report.lines,
  };
}

const put = (remote: Remote, path: string, text: string | Uint8Array) =>
  remote.write(path, sourceOf(Buffer.from(text)), { modified: 1_000_000_000n });
const text = async (remote: Remote, path: string) => Buffer.from(await collect(remote.read(path))).toString();
const names = async (remote: Remote, dir = '') =>
  (await entriesOf(remote.list(dir))).map(({ path, kind }) => (kind === 'folder' ? `${path}/` : path)).sort();
const stored = async ({ remote, path }: Location) =>
  (await entriesOf(remote.walk?.(path) ?? remote.list(path))).map((entry) => entry.path);

let base: Location;
beforeEach(() => {
  base = { remote: createMemoryRemote(), path: 'bucket/sealed' };
});

describe.each(modes)('with %o', (own) => {
  test('the files of both passwords are one tree', async () => {
    const { old, fresh, either } = await trioOver(base, own);
    for (const path of ['a', 'dir/b', 'dir/sub/c', 'old/d']) await put(old, path, `old ${path}`);
    for (const path of ['x', 'dir/y', 'dir/sub/z', 'new/w']) await put(fresh, path, `new ${path}`);
    await put(old, 'empty-old', '');
    await put(fresh, 'empty-new', '');
    expect(await names(either)).toEqual(['a', 'dir/', 'empty-new', 'empty-old', 'new/', 'old/', 'x']);
    expect(await names(either, 'dir')).toEqual(['dir/b', 'dir/sub/', 'dir/y']);
    expect(await names(either, 'dir/sub')).toEqual(['dir/sub/c', 'dir/sub/z']);
    const swept = await entriesOf(either.walk?.('') ?? either.list(''));
    expect(swept.map(({ path }) => path).sort()).toEqual(
      ['a', 'dir/b', 'dir/sub/c', 'dir/sub/z', 'dir/y', 'empty-new', 'empty-old', 'new/w', 'old/d', 'x'].sort(),
    );
    for (const path of ['a', 'dir/b', 'dir/sub/c', 'old/d']) expect(await text(either, path)).toBe(`old ${path}`);
    for (const path of ['x', 'dir/y', 'dir/sub/z', 'new/w']) expect(await text(either, path)).toBe(`new ${path}`);
    for (const path of ['empty-old', 'empty-new']) expect(await text(either, path)).toBe('');
    expect((await either.stat('dir/b')).size).toBe(9);
  });

  test('what is written has the new passwords and takes the place of the old file', async () => {
    const { old, fresh, either } = await trioOver(base, own);
    await put(old, 'dir/a', 'old');
    await put(either, 'dir/a', 'new');
    expect(await stored(base)).toHaveLength(1);
    expect(await text(fresh, 'dir/a')).toBe('new');
    expect(await text(either, 'dir/a')).toBe('new');
  });

  test('what is removed is gone under both', async () => {
    const { old, either } = await trioOver(base, own);
    for (const path of ['a', 'dir/b', 'dir/c']) await put(old, path, 'old');
    await put(either, 'dir/d', 'new');
    await either.remove('a');
    expect(await failureOf(either.remove('a'))).toBe('not-found');
    expect(await names(either)).toEqual(['dir/']);
    await either.purge?.('dir');
    expect(await stored(base)).toEqual([]);
  });

  test('a copy or a move never takes the old keys to a new name', async () => {
    const { old, fresh, either } = await trioOver(base, own);
    await put(old, 'a', 'old');
    await put(either, 'b', 'new');
    await put(old, 'c', 'replaced');
    const outcome = await either.copy?.('a', 'd').then(
      () => 'copied',
      (error: { kind?: string }) => error.kind,
    );
    // Where names are in the clear the content tells the keys, wherever it goes.
    expect(outcome).toBe(own.filename_encryption === 'off' ? 'copied' : 'unsupported');
    await either.move?.('b', 'c');
    expect(await text(either, 'c')).toBe('new');
    expect(await text(fresh, 'c')).toBe('new');
    expect(await text(either, 'a')).toBe('old');
  });

  test('files of more than a chunk are read in any range, under either', async () => {
    const { old, either } = await trioOver(base, own);
    const data = patterned(200_000);
    await put(old, 'a', data);
    await put(either, 'b', data);
    for (const path of ['a', 'b']) {
      for (const range of [{ start: 0 }, { start: 65_530, end: 140_000 }, { start: 199_999 }]) {
        const read = Buffer.from(await collect(either.read(path, range)));
        expect(read.equals(data.subarray(range.start, range.end))).toBe(true);
      }
    }
  });
});

test('where a file stands under both, the new one counts and is listed once', async () => {
  const { old, fresh, either } = await trioOver(base);
  await put(old, 'dir/a', 'older');
  await put(fresh, 'dir/a', 'new');
  expect(await entriesOf(either.list('dir'))).toMatchObject([{ path: 'dir/a', size: 3 }]);
  expect(await text(either, 'dir/a')).toBe('new');
});

test('names that one key opens by chance are told apart by the content', async () => {
  const { old, either, fresh } = await trioOver(base);
  // One name in some 250 opens under a foreign key too.
  const many = Array.from({ length: 1500 }, (_, i) => `file-${i}`);
  await Promise.all(many.map((name, i) => put(i % 2 === 0 ? old : fresh, name, name)));
  const crypt = asCrypt(fresh);
  const sealedByOld = asCrypt(old);
  const ambiguous = many.filter((name) => crypt?.openName(sealedByOld?.sealName(name) ?? '') !== null);
  expect(ambiguous.length).toBeGreaterThan(0);
  expect(await names(either)).toEqual([...many].sort());
});

test('a file and a folder of one name, half-way between the passwords, are both found', async () => {
  const { old, fresh, either } = await trioOver(base);
  await put(old, 'a', 'file');
  await put(fresh, 'a/b', 'below');
  expect(await text(either, 'a')).toBe('file');
  expect((await either.stat('a')).size).toBe(4);
  expect(await names(either)).toEqual(['a', 'a/']);
});

test('what moves to the new passwords between two looks is found', async () => {
  const { old, fresh } = await trioOver(base);
  await put(old, 'a', 'content');
  let looks = 0;
  const sealed = joinPath(base.path, asCrypt(fresh)?.sealName('a') ?? '');
  const moving: Remote = {
    ...base.remote,
    async stat(path, call) {
      // After the look under the new name, before the one under the old.
      if (path !== sealed && looks++ === 0) {
        await put(fresh, 'a', 'content');
        await old.remove('a');
      }
      return base.remote.stat(path, call);
    },
  };
  const either = await cryptOver({ remote: moving, path: base.path }, both);
  expect((await either.stat('a')).size).toBe(7);
});

test('names that open under neither are skipped and told once; when none opens, the passwords are wrong', async () => {
  const { old, either, lines } = await trioOver(base);
  await put(base.remote, `${base.path}/readme.txt`, 'x');
  await put(base.remote, `${base.path}/other.txt`, 'x');
  await expect(names(either)).rejects.toMatchObject({ kind: 'wrong-password' });
  await put(old, 'a', 'x');
  expect(await names(either)).toEqual(['a']);
  expect(lines.filter((line) => line.startsWith('notice'))).toEqual([
    'notice secret:: names that do not decrypt, skipped: 2 (other.txt, readme.txt)',
  ]);
});

test('empty folders stand in both, and go from both', async () => {
  const folder = localFolder();
  const { old, either } = await trioOver({ remote: folder.remote(), path: folder.path });
  await old.makeDir('dir/old');
  await either.makeDir('dir/new');
  expect(await names(either, 'dir')).toEqual(['dir/new/', 'dir/old/']);
  expect(await failureOf(either.removeDir('dir'))).toBe('not-empty');
  await either.removeDir('dir/old');
  await either.removeDir('dir/new');
  await either.removeDir('dir');
  expect(await names(either)).toEqual([]);
  expect(await failureOf(either.removeDir('dir'))).toBe('folder-not-found');
  folder.remove();
});

describe('what coffer keeps beside the files', () => {
  const marker = { since: 1_790_000_000_000_000_000n, previous: before };
  const nonce = new Uint8Array(24).fill(7);

  test('is neither shown nor complained about', async () => {
    for (const own of [...modes, { filename_encryption: 'off', suffix: 'none' } as const]) {
      const { either, old, lines } = await trioOver(base, own);
      await put(old, 'a', 'x');
      for (const name of ['.coffer-share', '.coffer-rekey']) await put(base.remote, `${base.path}/${name}`, 'x');
      expect(await names(either)).toEqual(['a']);
      expect(await names(old)).toEqual(['a']);
      expect(lines.filter((line) => line.includes('do not decrypt'))).toEqual([]);
      await base.remote.purge?.('bucket');
    }
  });

  test('is not overwritten by a file of that name', async () => {
    const { old } = await trioOver(base, { filename_encryption: 'off', suffix: 'none' });
    await expect(put(old, '.coffer-rekey', 'x')).rejects.toMatchObject({ kind: 'denied' });
    await put(old, 'dir/.coffer-rekey', 'x');
    expect(await names(old, 'dir')).toEqual(['dir/.coffer-rekey']);
  });

  test('tells who has only the old passwords that new ones are on their way', async () => {
    const { old, fresh, lines } = await trioOver(base);
    await put(old, 'a', 'x');
    const cipher = asCrypt(fresh)?.cipher;
    if (cipher) await writeMarker(base, marker, cipher, nonce);
    await names(old);
    await names(old);
    expect(lines).toEqual([
      'notice secret: is being given new passwords since 2026-09-21; ask its maker for a new share',
    ]);
  });

  test('tells it also where the store gives a time that no calendar has', async () => {
    const { old, lines } = await trioOver(base);
    await put(old, 'a', 'x');
    await put(base.remote, `${base.path}/.coffer-rekey`, 'x');
    await base.remote.setModified?.(`${base.path}/.coffer-rekey`, 10n ** 25n);
    expect(await names(old)).toEqual(['a']);
    expect(lines).toEqual(['notice secret: is being given new passwords; ask its maker for a new share']);
  });

  test('tells it too where a folder seems to be gone', async () => {
    const { old, fresh, lines } = await trioOver(base);
    await put(fresh, 'moved/a', 'x');
    const cipher = asCrypt(fresh)?.cipher;
    if (cipher) await writeMarker(base, marker, cipher, nonce);
    await expect(names(old, 'moved')).rejects.toMatchObject({ kind: 'wrong-password' });
    expect(lines[0]).toMatch(/^notice secret: is being given new passwords since/);
  });

  test('tells who has only the new ones how to get the others', async () => {
    const { fresh, lines } = await trioOver(base);
    await put(fresh, 'a', 'x');
    const cipher = asCrypt(fresh)?.cipher;
    if (cipher) await writeMarker(base, marker, cipher, nonce);
    await names(fresh);
    expect(lines).toEqual([
      'notice secret: is being given new passwords since 2026-09-21; you have the new ones: "coffer rekey secret:" fetches the previous ones and goes on',
    ]);
  });

  test('is none when the store puts another file in its place', async () => {
    const { fresh, lines } = await trioOver(base);
    for (const content of ['text', '{}', '[1]', '{"coffer-rekey":1,"since":"x","previous":{}}', '']) {
      await put(fresh, 'a', content);
      const sealed = await collect(base.remote.read(joinPath(base.path, asCrypt(fresh)?.sealName('a') ?? '')));
      await put(base.remote, `${base.path}/.coffer-rekey`, sealed);
      const again = await cryptOver(base, now, recordingReport());
      expect(await names(again)).toEqual(['a']);
    }
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  test('says nothing of the new passwords to who has the old ones', async () => {
    const { old, fresh } = await trioOver(base);
    const [cipher, oldCipher] = [asCrypt(fresh)?.cipher, asCrypt(old)?.cipher];
    if (cipher) await writeMarker(base, marker, cipher, nonce);
    const sealed = Buffer.from(await collect(base.remote.read(`${base.path}/.coffer-rekey`)));
    expect(sealed.includes('potato')).toBe(false);
    expect(oldCipher?.dataKey).not.toEqual(cipher?.dataKey);
  });
});
