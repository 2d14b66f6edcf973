import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sourceOf } from '../../src/core/bytes.ts';
import type { TarEntry } from '../../src/formats/tar/entry.ts';
import { writeTar } from '../../src/formats/tar/write.ts';
import { finishFolders, type UnpackOptions, unpack } from '../../src/packing/unpack.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-unpack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let root = '';
let runs = 0;
beforeEach(() => {
  root = join(folder, `root ${runs++}`, 'below');
  mkdirSync(root, { recursive: true });
});

type Given = Partial<TarEntry> & { readonly text?: string };

function unpackThese(members: readonly Given[], options: Partial<UnpackOptions> = {}) {
  const archive = writeTar(
    members.map(({ text = '', ...given }) => ({
      entry: { ...usual, size: text.length, ...given },
      data: () => sourceOf(Buffer.from(text)).open(),
    })),
  );
  const { signal } = new AbortController();
  return unpack(archive, root, { member: '', folder: root, outsideLinks: false, signal, ...options });
}

const usual: TarEntry = {
  ...{ path: 'f', kind: 'file', mode: 0o644, uid: 0, gid: 0, owner: '', group: '', size: 0, target: '', extents: null },
  modified: 1_700_000_000_000_000_000n,
};

it('a path that could not be reached where it is to lie is refused', async () => {
  const path = Array.from({ length: 30 }, () => 'ä'.repeat(60)).join('/');
  await unpackThese([{ path }], { folder: '/short' });
  await expect(unpackThese([{ path: `x/${path}` }], { folder: `/long${'g'.repeat(500)}` })).rejects.toMatchObject({
    kind: 'too-large',
  });
});

describe('a hostile archive is refused', () => {
  it.each<[string, Given]>([
    ['climbs out', { path: '../out' }],
    ['climbs out from inside', { path: 'a/../../out' }],
    ['is absolute', { path: `${folder}/out` }],
    ['is a link to an absolute path', { path: 'a/l', kind: 'symlink', target: '/etc/passwd' }],
    ['is a link that climbs out', { path: 'a/l', kind: 'symlink', target: '../../out' }],
    ['is a link out of the folder at the top', { path: 'a/b/l', kind: 'symlink', target: '../../other' }],
    ['is a link that climbs out by way of another', { path: 'a/b/l', kind: 'symlink', target: 'to-top/../../out' }],
    ['is a further name of a file outside', { path: 'a/l', kind: 'hardlink', target: '../../out' }],
    ['is a further name of what was never there', { path: 'a/l', kind: 'hardlink', target: 'a/none' }],
    ['is a device', { path: 'a/null', kind: 'device' }],
  ])('when a member %s', async (_, member) => {
    await expect(unpackThese([{ path: 'a/', kind: 'folder' }, member])).rejects.toMatchObject({
      kind: expect.stringMatching(/^(denied|corrupt)$/),
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(readdirSync(join(root, '..'))).toEqual(['below']);
  });

  it('when a member lies deeper than a path can lead', async () => {
    const path = 'a/'.repeat(500_000);
    await expect(unpackThese([{ path, kind: 'folder' }])).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/^.{1,200}$/),
    });
    expect(readdirSync(root)).toEqual([]);
  });

  it.each<[string, readonly Given[]]>([
    ['a file comes twice', [{ path: 'a' }, { path: './a' }]],
    ['a file lies where a folder is needed', [{ path: 'a' }, { path: 'a/b' }]],
    ['a folder lies where a file comes', [{ path: 'a/b' }, { path: 'a' }]],
    [
      'a file would be written through a link',
      [
        { path: 'a/l', kind: 'symlink', target: 'b' },
        { path: 'a/l/x', text: 'x' },
      ],
    ],
    [
      'a link takes the place of a file',
      [
        { path: 'a', text: 'x' },
        { path: 'a', kind: 'symlink', target: 'b' },
      ],
    ],
  ])('when %s', async (_, members) => {
    await expect(unpackThese(members)).rejects.toMatchObject({ kind: 'corrupt' });
  });
});

describe('an archive', () => {
  it('becomes files with their modes, times, holes and names', async () => {
    const { folders } = await unpackThese([
      { path: 'a/', kind: 'folder', mode: 0o500 },
      { path: 'a/run', text: 'go', mode: 0o4750 },
      { path: 'a/same', kind: 'hardlink', target: 'a/run' },
      { path: 'a/sub/l', kind: 'symlink', target: '../run' },
      {
        path: 'a/holes',
        size: 500_000,
        text: 'mid',
        extents: [
          { offset: 400_000, size: 3 },
          { offset: 500_000, size: 0 },
        ],
      },
    ]);
    await finishFolders(root, folders);
    expect(statSync(join(root, 'a')).mode & 0o7777).toBe(0o500);
    expect(statSync(join(root, 'a/run')).mode & 0o7777).toBe(0o750 & ~process.umask());
    expect(statSync(join(root, 'a/run')).mtimeMs).toBe(1_700_000_000_000);
    expect(statSync(join(root, 'a/same')).nlink).toBe(2);
    expect(readlinkSync(join(root, 'a/sub/l'))).toBe('../run');
    expect(readFileSync(join(root, 'a/holes')).subarray(399_999, 400_004).toString()).toBe('\0mid\0');
    expect(statSync(join(root, 'a/holes')).blocks * 512).toBeLessThan(500_000);
  });

  it('is told of in our words where its folders cannot get their modes', async () => {
    const { folders } = await unpackThese([{ path: 'a/', kind: 'folder' }]);
    rmSync(join(root, 'a'), { recursive: true });
    await expect(finishFolders(root, folders)).rejects.toMatchObject({ name: 'Failure', kind: 'not-found' });
  });

  it('are not those that somebody puts a link in the place of', async () => {
    const { folders } = await unpackThese([{ path: 'a/', kind: 'folder', mode: 0o777 }]);
    const other = join(root, 'other');
    mkdirSync(other, { mode: 0o700 });
    rmSync(join(root, 'a'), { recursive: true });
    symlinkSync(other, join(root, 'a'));
    await expect(finishFolders(root, folders)).rejects.toThrow();
    expect(statSync(other).mode & 0o777).toBe(0o700);
  });

  it('with links that lead out is unpacked where the user wants that, and nothing is written by way of them', async () => {
    await unpackThese([{ path: 'a/l', kind: 'symlink', target: '/nowhere' }], { outsideLinks: true });
    expect(lstatSync(join(root, 'a/l')).isSymbolicLink()).toBe(true);
  });

  it('gives the one member or folder that is wanted', async () => {
    const members = [{ path: './a/x/1', text: '1' }, { path: './a/x/2' }, { path: './a/y' }];
    expect((await unpackThese(members, { member: 'a/x' })).count).toBe(2);
    expect(readdirSync(join(root, 'a'))).toEqual(['x']);
  });

  it('without the wanted member is an error that names it', async () => {
    await expect(unpackThese([{ path: 'a/xyz' }], { member: 'a/x' })).rejects.toMatchObject({
      kind: 'not-found',
      message: 'the archive holds no "a/x": give its path as it is in the archive',
    });
  });
});
