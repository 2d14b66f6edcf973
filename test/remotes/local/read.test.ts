import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collect, pieceSize } from '../../../src/core/bytes.ts';
import { entriesOf, failureOf, patterned } from '../../contract/remote/bench.ts';
import { type LocalFolder, localFolder, recordingReport } from './folder.ts';

let folder: LocalFolder;
let disk: string;
let path: string;

beforeEach(() => {
  folder = localFolder();
  disk = join(folder.disk, 'file');
  path = `${folder.path}/file`;
});
afterEach(() => folder.remove());

const changes: readonly (readonly [how: string, change: () => void])[] = [
  ['grows', () => appendFileSync(disk, 'more')],
  ['shrinks', () => truncateSync(disk, pieceSize + 5)],
  ['is emptied', () => truncateSync(disk, 0)],
  ['is touched', () => utimesSync(disk, 1, 1)],
];

test.for(changes)('a file that %s while it is read fails by name', async ([, change]) => {
  writeFileSync(disk, patterned(5 * pieceSize));
  const read = async () => {
    let isFirst = true;
    for await (const _ of folder.remote().read(path)) {
      if (isFirst) change();
      isFirst = false;
      // The next piece is being read: it may fail before it is asked for.
      await setTimeout(5);
    }
  };
  await expect(read()).rejects.toMatchObject({
    kind: 'changed',
    message: expect.stringMatching(/file: can't copy - source file is being updated/),
  });
});

test('a file that grows is read to the size it had where the check is off', async () => {
  writeFileSync(disk, patterned(5 * pieceSize));
  let size = 0;
  for await (const piece of folder.remote({ checksUpdates: false }).read(path)) {
    size += piece.length;
    appendFileSync(disk, 'more');
  }
  expect(size).toBe(5 * pieceSize);
});

test('pieces are whole mebibytes from the start of the range, so that a layer need not join them', async () => {
  writeFileSync(disk, patterned(3 * pieceSize + 10));
  const sizes: number[] = [];
  for await (const piece of folder.remote().read(path, { start: 7 })) sizes.push(piece.length);
  expect(sizes).toEqual([pieceSize, pieceSize, pieceSize, 3]);
});

test('many readers side by side each get their own bytes', async () => {
  const data = Array.from({ length: 12 }, (_, i) => patterned(2 * pieceSize + i).map((byte) => byte ^ i));
  data.forEach((bytes, i) => {
    writeFileSync(`${disk}${i}`, bytes);
  });
  const read = await Promise.all(data.map((_, i) => collect(folder.remote().read(`${path}${i}`))));
  read.forEach((bytes, i) => {
    expect(Buffer.compare(bytes, data[i] ?? new Uint8Array(0))).toBe(0);
  });
});

test('sockets, pipes and devices are left out with a notice', async () => {
  execFileSync('mkfifo', [join(folder.disk, 'pipe')]);
  execFileSync('mknod', [join(folder.disk, 'device'), 'c', '1', '3']);
  const server = createServer().listen(join(folder.disk, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  writeFileSync(disk, 'x');
  const { report, lines } = recordingReport();
  const entries = await entriesOf(folder.remote({}, report).list(folder.path));
  expect(entries.map((entry) => entry.path)).toEqual([path]);
  for (const name of ['pipe', 'device', 'socket']) {
    expect(lines()).toContain(`${folder.path}/${name}: Can't transfer non file/directory`);
    expect(await failureOf(folder.remote().stat(`${folder.path}/${name}`))).toBe('unsupported');
  }
  // A system may let nobody open devices in its folder for temporary files.
  for (const unread of [`${folder.path}/pipe`, `${folder.path}/socket`, 'dev/null']) {
    expect(await failureOf(collect(folder.remote().read(unread)))).toBe('unsupported');
  }
  await new Promise((resolve) => server.close(resolve));
});

test('another file system is left out where that is asked', async () => {
  const entries = await entriesOf(folder.remote({ staysOnFileSystem: true }).list(''));
  expect(entries.map((entry) => entry.path)).not.toContain('proc');
  expect((await entriesOf(folder.remote().list(''))).map((entry) => entry.path)).toContain('proc');
});

test('what stands where a folder is asked for is named', async () => {
  writeFileSync(disk, 'x');
  symlinkSync('nowhere', join(folder.disk, 'dangling'));
  mkdirSync(join(folder.disk, 'folder'));
  chmodSync(join(folder.disk, 'folder'), 0o700);
  const list = (name: string) => failureOf(entriesOf(folder.remote().list(`${folder.path}/${name}`)));
  expect(await list('file')).toBe('folder-not-found');
  expect(await list('missing')).toBe('folder-not-found');
  expect(await list('dangling')).toBe('folder-not-found');
  expect(await failureOf(folder.remote().removeDir(path))).toBe('folder-not-found');
  expect(await failureOf(folder.remote().purge?.(path) ?? Promise.resolve())).toBe('folder-not-found');
});

test('a small file can be had whole, a range of it and an empty one too, and a large one is left to be read in pieces', async () => {
  const remote = folder.remote();
  const small = patterned(5000);
  writeFileSync(disk, small);
  expect(Buffer.from((await remote.read(path).whole?.()) ?? [])).toEqual(Buffer.from(small));
  const part = await remote.read(path, { start: 10, end: 4000 }).whole?.();
  expect(Buffer.from(part ?? [])).toEqual(Buffer.from(small.subarray(10, 4000)));
  truncateSync(disk, 0);
  expect(await remote.read(path).whole?.()).toHaveLength(0);
  truncateSync(disk, pieceSize);
  const large = remote.read(path);
  expect(await large.whole?.()).toBeNull();
  expect(await collect(large)).toHaveLength(pieceSize);
});

test('what cannot be read whole fails as it does in pieces, and nothing stays open', async () => {
  const remote = folder.remote();
  writeFileSync(join(folder.disk, 'target'), 'target');
  symlinkSync('target', disk);
  mkdirSync(join(folder.disk, 'dir'));
  execFileSync('mkfifo', [join(folder.disk, 'pipe')]);
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  for (const name of ['file', 'dir', 'pipe', 'absent', 'target/below', 'a\0b']) {
    const bytes = remote.read(`${folder.path}/${name}`);
    const kind = await failureOf(collect(bytes));
    expect(await failureOf((async () => bytes.whole?.())())).toBe(kind);
  }
  const signal = AbortSignal.abort();
  await expect((async () => remote.read(path, undefined, { signal }).whole?.())()).rejects.toMatchObject({
    kind: 'cancelled',
  });
  expect(openFiles()).toBe(before);
});
