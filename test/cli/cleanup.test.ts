import { expect, inject, test } from 'vitest';
import { crypt } from '../servers/remotes.ts';
import { messages } from './run.ts';
import { createSites } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('cleanup');
const site = sites.site('one', {
  s3: remotes['ceph-s3'],
  swift: remotes['swift-v3'],
  secret: crypt('s3:cli-cleanup'),
  hidden: crypt('swift:cli-cleanup'),
});

test.each([
  ['s3:cli-cleanup', 0],
  ['s3:cli-cleanup/folder', 0],
  ['secret:', 0],
  ['secret:folder', 0],
  ['s3:cli-cleanup -n', 0],
  ['swift:cli-cleanup', 1],
  ['hidden:', 1],
  ['.', 1],
])('cleanup %s does what rclone does', async (line, expected) => {
  const { coffer, rclone } = await site;
  await coffer(['mkdir', 's3:cli-cleanup']);
  const args = ['cleanup', ...line.split(' ')];
  const [ours, theirs] = [await coffer(args), await rclone([...args, '--retries', '1'])];
  expect([ours.code, theirs.code]).toEqual([expected, expected]);
  const said = (log: string): string[] =>
    messages(log).flatMap((text) => /doesn't support cleanup|Skipped.*/.exec(text)?.[0] ?? []);
  expect(said(ours.stderr).slice(-1)).toEqual(said(theirs.stderr).slice(-1));
});
