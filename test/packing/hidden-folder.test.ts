import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silentReport } from '../../src/core/report.ts';
import { inHiddenFolder } from '../../src/packing/hidden-folder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coffer-hidden-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const fails = async (): Promise<never> => {
  throw new Error('cut');
};

test('folders that were made for what then failed go again', async () => {
  await expect(inHiddenFolder(join(scratch, 'new/deep'), 'x', silentReport, fails)).rejects.toThrow('cut');
  expect(readdirSync(scratch)).toEqual([]);
});

test('folders that something else has come to lie in stay, and so do those that were there', async () => {
  const meanwhile = async (): Promise<never> => {
    writeFileSync(join(scratch, 'kept/other'), '');
    return fails();
  };
  await expect(inHiddenFolder(join(scratch, 'kept/deep'), 'x', silentReport, meanwhile)).rejects.toThrow('cut');
  await expect(inHiddenFolder(join(scratch, 'kept'), 'x', silentReport, fails)).rejects.toThrow('cut');
  expect(readdirSync(join(scratch, 'kept'))).toEqual(['other']);
});

test('a folder that refuses new ones is an error, not a wait for ever', async () => {
  await expect(inHiddenFolder('/proc/none/deep', 'x', silentReport, fails)).rejects.toThrow('/proc/none/deep');
  expect(existsSync('/proc/none')).toBe(false);
});

test('nothing is written or removed by way of a link that somebody puts in its place', async () => {
  const [shared, other] = [join(scratch, 'shared'), join(scratch, 'other')];
  mkdirSync(other);
  writeFileSync(join(other, 'kept'), '');
  const swapped = async (hidden: string): Promise<string> => {
    const [name = ''] = readdirSync(shared);
    renameSync(join(shared, name), join(shared, 'away'));
    symlinkSync(other, join(shared, name));
    writeFileSync(join(hidden, 'secret'), 'plain');
    return readFileSync(join(shared, 'away/secret'), 'utf8');
  };
  expect(await inHiddenFolder(shared, 'x', silentReport, swapped)).toBe('plain');
  expect(readdirSync(other)).toEqual(['kept']);
  expect(readdirSync(join(shared, 'away'))).toEqual([]);
});
