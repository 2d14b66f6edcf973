import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Entry } from '../../../src/core/entry.ts';
import type { LinkPolicy } from '../../../src/remotes/local/options.ts';
import { entriesOf, failureOf } from '../../contract/remote/bench.ts';
import { requirePeer } from '../../servers/peers.ts';
import { mustRun, run } from '../../servers/run.ts';
import { type LocalFolder, localFolder, recordingReport } from './folder.ts';

let folder: LocalFolder;

beforeEach(() => {
  folder = localFolder();
  mkdirSync(join(folder.disk, 'tree/sub'), { recursive: true });
  writeFileSync(join(folder.disk, 'tree/file'), 'content');
  writeFileSync(join(folder.disk, 'tree/sub/deep'), 'deep');
  symlinkSync('file', join(folder.disk, 'tree/to-file'));
  symlinkSync('sub', join(folder.disk, 'tree/to-sub'));
  symlinkSync('nowhere', join(folder.disk, 'tree/to-nowhere'));
});
afterEach(() => folder.remove());

describe('listings are rclone’s', () => {
  requirePeer('rclone');

  test.for([
    ['skip', []],
    ['skip-silently', ['--skip-links']],
    ['translate', ['-l']],
    ['follow', ['-L']],
  ] as const)('with symlinks to %s', async ([links, flags]) => {
    const { stdout, stderr } = await run('rclone', [
      ...['--config', '', 'lsf', '-R', '--format', 'ps', ...flags],
      `${folder.disk}/tree`,
    ]);
    const { report, lines } = recordingReport();
    const entries = await treeOf(folder, links, report);
    const ours = entries.map((entry) => (entry.kind === 'file' ? `${entry.path};${entry.size}` : `${entry.path}/;-1`));
    expect(ours.sort()).toEqual(stdout.split('\n').filter(Boolean).sort());
    for (const text of ["Can't follow symlink without -L/--copy-links", 'to-nowhere']) {
      expect(lines().includes(text)).toBe(stderr.includes(text));
    }
  });
});

test('a symlink to a folder that it is in is left out and named', async () => {
  symlinkSync('..', join(folder.disk, 'tree/sub/up'));
  symlinkSync('.', join(folder.disk, 'tree/self'));
  const { report, lines } = recordingReport();
  const paths = (await treeOf(folder, 'follow', report)).map(({ path }) => path);
  expect(paths.filter((path) => /up|self/.test(path))).toEqual([]);
  expect(lines()).toContain(`${folder.disk}/tree/sub/up: left out`);
  expect(lines()).toContain(`${folder.disk}/tree/self: left out`);
});

test('two symlinks that lead into each other’s folders are followed once', async () => {
  for (const name of ['a', 'b']) mkdirSync(join(folder.disk, 'tree', name));
  symlinkSync('../b', join(folder.disk, 'tree/a/to-b'));
  symlinkSync('../a', join(folder.disk, 'tree/b/to-a'));
  const paths = (await treeOf(folder, 'follow')).map(({ path }) => path);
  expect(paths).toContain('a/to-b');
  expect(paths).toContain('b/to-a');
  expect(paths).not.toContain('a/to-b/to-a');
});

test('a symlink travels as the text file that rclone makes of it, and back', async () => {
  const remote = folder.remote({ links: 'translate' });
  const at = (name: string) => `${folder.path}/tree/${name}`;
  expect(Buffer.from(await collect(remote.read(at('to-sub.rclonelink')))).toString()).toBe('sub');
  const modified = 1_500_000_000_123_456_000n;
  await remote.write(at('new/link.rclonelink'), sourceOf(Buffer.from('../file')), { modified });
  expect(readlinkSync(join(folder.disk, 'tree/new/link'))).toBe('../file');
  expect(lstatSync(join(folder.disk, 'tree/new/link'), { bigint: true }).mtimeNs).toBe(modified);
  expect(await remote.stat(at('new/link.rclonelink'))).toMatchObject({ size: 7, modified });
  await remote.write(at('new/link.rclonelink'), sourceOf(Buffer.from('elsewhere')), { modified });
  expect(readlinkSync(join(folder.disk, 'tree/new/link'))).toBe('elsewhere');

  await mustRun('rclone', ['--config', '', 'copy', '-l', `${folder.disk}/tree`, `${folder.disk}/theirs`]);
  for await (const page of remote.list(`${folder.path}/tree`)) {
    for (const { kind, path, modified } of page) {
      const to = path.replace('/tree/', '/ours/');
      const source = { ...sourceOf(new Uint8Array(0)), size: null, open: () => remote.read(path) };
      if (kind === 'file') await remote.write(to, source, { ...(modified !== null && { modified }) });
    }
  }
  for (const name of ['to-file', 'to-sub', 'to-nowhere']) {
    expect(readlinkSync(join(folder.disk, 'ours', name))).toBe(readlinkSync(join(folder.disk, 'theirs', name)));
  }
});

test('a text file of a symlink is not copied or moved as a file to where the symlink belongs', async () => {
  const remote = folder.remote({ links: 'translate' });
  const at = (name: string) => `${folder.path}/tree/${name}`;
  writeFileSync(join(folder.disk, 'tree/text.rclonelink'), 'target');
  writeFileSync(join(folder.disk, 'tree/sub/text'), 'of another file');
  const from = at('text.rclonelink');
  const to = at('sub/text.rclonelink');
  expect(await failureOf(Promise.resolve(remote.copy?.(from, to)))).toBe('unsupported');
  expect(await failureOf(Promise.resolve(remote.move?.(from, to)))).toBe('unsupported');
  expect(readFileSync(join(folder.disk, 'tree/sub/text'), 'utf8')).toBe('of another file');
  expect(readFileSync(join(folder.disk, 'tree/text.rclonelink'), 'utf8')).toBe('target');
  await remote.copy?.(at('to-sub.rclonelink'), at('sub/to-sub.rclonelink'));
  expect(readlinkSync(join(folder.disk, 'tree/sub/to-sub'))).toBe('sub');
});

test('a remote that plants a symlink cannot write through it', async () => {
  mkdirSync(join(folder.disk, 'outside'));
  const remote = folder.remote({ links: 'translate' });
  const put = (path: string, text: string) =>
    remote.write(`${folder.path}/tree/${path}`, sourceOf(Buffer.from(text)), {});
  await put('trap.rclonelink', '../outside');
  expect(await failureOf(put('trap/file', 'x'))).toBe('denied');
  expect(await failureOf(put('trap/deep/file', 'x'))).toBe('denied');
  const later = folder.remote({ links: 'translate' });
  await entriesOf(later.list(`${folder.path}/tree`));
  expect(await failureOf(later.write(`${folder.path}/tree/trap/file`, sourceOf(Buffer.from('x')), {}))).toBe('denied');
  expect(await failureOf(later.makeDir(`${folder.path}/tree/trap/dir`))).toBe('denied');
});

test('a write replaces a symlink and never what it leads to, unless symlinks are followed', async () => {
  const put = (links: LinkPolicy) =>
    folder.remote({ links }).write(`${folder.path}/tree/to-file`, sourceOf(Buffer.from(links)), {});
  await put('follow');
  expect(readFileSync(join(folder.disk, 'tree/file'), 'utf8')).toBe('follow');
  expect(lstatSync(join(folder.disk, 'tree/to-file')).isSymbolicLink()).toBe(true);
  await put('skip');
  expect(readFileSync(join(folder.disk, 'tree/file'), 'utf8')).toBe('follow');
  expect(readFileSync(join(folder.disk, 'tree/to-file'), 'utf8')).toBe('skip');
});

test('what a look at the disk fails with is told by its path: a symlink in a circle, a folder below a file', async () => {
  symlinkSync('round', join(folder.disk, 'tree/round'));
  const remote = folder.remote({ links: 'follow' });
  const tree = `${folder.path}/tree`;
  await expect(remote.write(`${tree}/round`, sourceOf(Buffer.from('x')), {})).rejects.toMatchObject({
    kind: 'not-found',
    message: `/${tree}/round: no such file: its symlinks lead in a circle`,
  });
  await expect(remote.moveDir?.(`${tree}/file/below`, `${tree}/new`)).rejects.toMatchObject({
    kind: 'is-file',
    path: `${tree}/file/below`,
  });
});

test('a symlink named by itself says how to follow it; one to a folder is a folder', async () => {
  const stat = (links: LinkPolicy, name: string) =>
    failureOf(folder.remote({ links }).stat(`${folder.path}/tree/${name}`));
  expect(await stat('skip', 'to-file')).toBe('unsupported');
  expect(await stat('translate', 'to-file')).toBe('not-found');
  expect(await stat('skip', 'to-sub')).toBe('is-folder');
  expect(await stat('follow', 'to-nowhere')).toBe('not-found');
  expect(await folder.remote({ links: 'follow' }).stat(`${folder.path}/tree/to-file`)).toMatchObject({ size: 7 });
  utimesSync(join(folder.disk, 'tree/file'), 1, 1);
  expect(await folder.remote({ links: 'follow' }).stat(`${folder.path}/tree/to-file`)).toMatchObject({
    modified: 10n ** 9n,
  });
});

async function treeOf(
  { path: root, remote }: LocalFolder,
  links: LinkPolicy,
  report = recordingReport().report,
): Promise<Entry[]> {
  const local = remote({ links }, report);
  const found: Entry[] = [];
  const queue = [`${root}/tree`];
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    for (const entry of await entriesOf(local.list(dir))) {
      if (entry.kind === 'folder') queue.push(entry.path);
      found.push({ ...entry, path: entry.path.slice(root.length + 6) });
    }
  }
  return found;
}
