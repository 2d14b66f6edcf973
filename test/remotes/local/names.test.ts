import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { bytesToName, nameToBytes } from '../../../src/core/name-bytes.ts';
import { entriesOf, failureOf } from '../../contract/remote/bench.ts';
import { requirePeer } from '../../servers/peers.ts';
import { type LocalFolder, localFolder } from './folder.ts';

const notUtf8 = ['a\udcff', 'b\udce2\udc82', 'c\udcf0\udc9f\udc98x', 'd\udced\udca0\udc80', 'h\udcc0\udc80'];
const odd = [
  'line\nbreak',
  'tab\t',
  '\x01\x1f\x7f',
  'j␀',
  'k／',
  '．',
  '..x',
  'back\\slash',
  'm␊',
  'f\ufffd',
  ' ',
  '‛‛',
];

let folder: LocalFolder;

beforeEach(() => {
  folder = localFolder();
});
afterEach(() => folder.remove());

describe('names of any bytes', () => {
  requirePeer('rclone');

  test('are listed as rclone lists them', async () => {
    for (const name of [...notUtf8, ...odd]) touch(name);
    const listed = bytesToName(execFileSync('rclone', ['--config', '', '-q', 'lsf', folder.disk]));
    expect((await names()).sort()).toEqual(listed.split('\n').slice(0, -1).sort());
  });

  test('come through rclone’s crypt and back to where they were', async () => {
    mkdirSync(join(folder.disk, 'in'));
    for (const name of [...notUtf8, ...odd]) touch(`in/${name}`);
    const password = execFileSync('rclone', ['obscure', 'secret'], { encoding: 'utf8' }).trim();
    const crypt = `:crypt,remote='${folder.disk}/sealed',password=${password}:`;
    execFileSync('rclone', ['--config', '', '-q', 'copy', `${folder.disk}/in`, crypt]);
    execFileSync('rclone', ['--config', '', '-q', 'copy', crypt, `${folder.disk}/theirs`]);
    const remote = folder.remote();
    for (const { path } of await entriesOf(remote.list(`${folder.path}/in`))) {
      await remote.write(path.replace('/in/', '/ours/'), sourceOf(await collect(remote.read(path))), {});
    }
    expect(onDisk('ours')).toEqual(onDisk('in'));
    expect(onDisk('ours')).toEqual(onDisk('theirs'));
  });

  test('are read, written, moved and removed', async () => {
    const remote = folder.remote();
    for (const name of notUtf8) {
      const path = `${folder.path}/${name}/${name}`;
      await remote.write(path, sourceOf(Buffer.from(name)), {});
      expect((await entriesOf(remote.list(`${folder.path}/${name}`))).map((entry) => entry.path)).toEqual([path]);
      await remote.copy?.(path, `${path}2`);
      await remote.move?.(`${path}2`, `${path}3`);
      await remote.remove(`${path}3`);
      expect(await remote.stat(path)).toMatchObject({ path });
    }
    expect(onDisk('')).toEqual([...notUtf8].sort());
    for (const name of notUtf8) await remote.purge?.(`${folder.path}/${name}`);
    expect(onDisk('')).toEqual([]);
  });
});

test('files that rclone lists and cannot open, with its quote mark in their names, are read', async () => {
  for (const name of ['e‛FF', 'o‛／', 'p‛']) touch(name);
  const remote = folder.remote();
  for (const { path } of await entriesOf(remote.list(folder.path))) {
    expect(Buffer.from(await collect(remote.read(path))).toString()).toMatch(/^(e‛FF|o‛／|p‛)$/);
  }
  expect(await names()).toEqual(['e‛‛FF', 'o‛／', 'p‛‛'].sort());
});

test('files of which the encoding would have replaced a character are listed, read and gone into', async () => {
  mkdirSync(join(folder.disk, 'd%'));
  for (const name of ['a:b', 'd%/c', 'plain']) touch(name);
  const remote = folder.remote({ encoding: 'Slash,Colon,Percent,Dot' });
  expect(await names(remote)).toEqual(['a:b', 'd%', 'plain']);
  for (const path of ['a:b', 'd%/c']) {
    expect(await entriesOf(remote.list(folder.path + (path.includes('/') ? '/d%' : '')))).toContainEqual(
      expect.objectContaining({ path: `${folder.path}/${path}` }),
    );
    expect(Buffer.from(await collect(remote.read(`${folder.path}/${path}`))).toString()).toBe(path);
  }
});

test('decomposed names are shown composed where that is asked, and still read', async () => {
  touch('e\u0301');
  const remote = folder.remote({ normalizesUnicode: true });
  const [entry] = await entriesOf(remote.list(folder.path));
  expect(entry?.path).toBe(`${folder.path}/\u00e9`);
  expect(await collect(remote.read(entry?.path ?? ''))).toHaveLength(3);
});

test.for(['..', '.', '', 'a/../../b', 'a//b', '/a', 'a/', 'nul\0', 'a/./b'])('the path %j is refused', async (path) => {
  const remote = folder.remote();
  const below = `${folder.path}/sub/${path}`;
  for (const action of [
    remote.write(below, sourceOf(Buffer.from('x')), {}),
    remote.stat(below),
    collect(remote.read(below)),
    remote.remove(below),
    remote.makeDir(below),
    remote.purge?.(below) ?? Promise.resolve(),
  ]) {
    expect(await failureOf(action)).toBe('denied');
  }
  expect(onDisk('')).toEqual([]);
});

test('a name that only becomes ".." by the encoding is refused', async () => {
  const remote = folder.remote({ encoding: 'None' });
  for (const name of ['．．', 'a／..／..／b', '‛．‛．']) {
    const write = remote.write(`${folder.path}/sub/${name}`, sourceOf(Buffer.from('x')), {});
    if (name.startsWith('‛')) await write;
    else expect(await failureOf(write)).toBe('denied');
  }
});

test('names of up to 255 bytes are written, longer ones fail before a byte is read', async () => {
  const remote = folder.remote();
  for (const name of ['x'.repeat(255), 'ä'.repeat(127), '😀'.repeat(63), '日'.repeat(85), '\udcff'.repeat(255)]) {
    await remote.write(`${folder.path}/${name}`, sourceOf(Buffer.from('x')), {});
    expect(await remote.stat(`${folder.path}/${name}`)).toMatchObject({ size: 1 });
  }
  const unread = {
    ...sourceOf(Buffer.from('x')),
    open: () => {
      throw new Error('was read');
    },
  };
  expect(await failureOf(remote.write(`${folder.path}/${'x'.repeat(256)}`, unread, {}))).toBe('too-large');
  expect(onDisk('')).toHaveLength(5);
});

test('one folder’s names come in pages and in the order of their bytes', async () => {
  const expected = Array.from({ length: 600 }, (_, i) => `${i % 7 ? '😀' : '\uff5a'}${i}`);
  for (const name of expected) touch(name);
  const pages: number[] = [];
  const listed: string[] = [];
  for await (const page of folder.remote().list(folder.path)) {
    pages.push(page.length);
    listed.push(...page.map(({ path }) => path.slice(folder.path.length + 1)));
  }
  expect(pages).toEqual([250, 250, 100]);
  expect(listed).toEqual(expected.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
});

function touch(name: string): void {
  writeFileSync(Buffer.concat([Buffer.from(`${folder.disk}/`), nameToBytes(name)]), nameToBytes(name));
}

async function names(remote = folder.remote()): Promise<string[]> {
  const entries = await entriesOf(remote.list(folder.path));
  return entries.map(({ path }) => path.slice(folder.path.length + 1));
}

function onDisk(name: string): string[] {
  return readdirSync(join(folder.disk, name), 'buffer').map(bytesToName).sort();
}

test('a disk that keeps names apart is known as such, without a trace', async () => {
  const remote = folder.remote();
  expect(await remote.foldsNames?.(`${folder.path}/not/there/yet`)).toBe(false);
  expect(readdirSync(folder.disk)).toEqual([]);
});
