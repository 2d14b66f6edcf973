import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { patterned } from '../../contract/remote/bench.ts';
import { type LocalFolder, localFolder } from './folder.ts';

let folder: LocalFolder;
let disk: string;
let path: string;

beforeEach(() => {
  folder = localFolder();
  disk = join(folder.disk, 'file');
  path = `${folder.path}/file`;
  writeFileSync(disk, patterned(10_000));
});
afterEach(() => folder.remove());

const changes: readonly (readonly [how: string, change: () => void])[] = [
  ['grows', () => appendFileSync(disk, 'more')],
  ['shrinks', () => truncateSync(disk, 9000)],
  ['is touched', () => utimesSync(disk, 1, 1)],
  ['is written over', () => writeFileSync(disk, patterned(10_000))],
];

test.for(changes)('a file at hand that %s is none any more', ([, change]) => {
  const file = folder.remote().atHand?.(path);
  expect(file?.fill(new Uint8Array(10), 0)).toBe(true);
  change();
  expect(file?.fill(new Uint8Array(10), 0)).toBe(false);
  file?.close();
});

test('a large part of a file is left to who can wait', () => {
  writeFileSync(disk, patterned(1 << 20));
  const file = folder.remote().atHand?.(path);
  expect(file?.fill(new Uint8Array(1 << 17), 0)).toBe(true);
  expect(file?.fill(new Uint8Array(1 << 20), 0)).toBe(false);
  file?.close();
});

test('a folder and a pipe are no files at hand, and a symlink is one where it is followed', () => {
  mkdirSync(join(folder.disk, 'sub'));
  execFileSync('mkfifo', [join(folder.disk, 'pipe')]);
  symlinkSync(disk, join(folder.disk, 'link'));
  symlinkSync(disk, join(folder.disk, 'text'));
  const [skipping, following, translating] = [
    folder.remote({ links: 'skip' }),
    folder.remote({ links: 'follow' }),
    folder.remote({ links: 'translate' }),
  ];
  for (const name of ['sub', 'pipe', 'link']) expect(skipping.atHand?.(`${folder.path}/${name}`), name).toBeNull();
  expect(translating.atHand?.(`${folder.path}/text.rclonelink`)).toBeNull();
  const followed = following.atHand?.(`${folder.path}/link`);
  expect(followed?.fill(new Uint8Array(10), 0)).toBe(true);
  followed?.close();
});
