import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
