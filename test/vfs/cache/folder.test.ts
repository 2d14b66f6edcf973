import { chownSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCacheFolder } from '../../../src/vfs/cache/folder.ts';
import { makeScratch, removeScratch } from '../../scratch.ts';

const secret = { key: new Uint8Array(32).fill(1), isPlain: false };

let folder = '';
let own = '';
beforeEach(async () => {
  folder = makeScratch();
  await using made = await openCacheFolder(folder, 'here:', secret);
  own = made.path;
});
afterEach(() => removeScratch(folder));

test('a cache folder that this user has made is used again', async () => {
  await using again = await openCacheFolder(folder, 'here:', secret);
  expect(again.path).toBe(own);
});

test('a link in the place of a cache folder is not followed', async () => {
  const elsewhere = join(folder, 'elsewhere');
  renameSync(own, elsewhere);
  symlinkSync(elsewhere, own);
  await expect(openCacheFolder(folder, 'here:', secret)).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining('--cache-dir'),
  });
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("another user's cache folder, in which a key may lie, is not used", async () => {
  rmSync(own, { recursive: true });
  if (process.geteuid?.() === 0) {
    mkdirSync(own, { mode: 0o777 });
    chownSync(own, 1234, 1234);
  } else symlinkSync('/', own);
  await expect(openCacheFolder(folder, 'here:', secret)).rejects.toMatchObject({ kind: 'denied' });
  expect(lstatSync(own).uid).toBe(process.geteuid?.() === 0 ? 1234 : process.geteuid?.());
});
