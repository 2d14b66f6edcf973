import { readdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { crypt, type Section } from '../servers/remotes.ts';
import type { Result } from '../servers/run.ts';
import { readTree, sortedLines, type Tree, writeTree } from './run.ts';
import { createSites } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('versions');
const modes: Readonly<Record<string, Section>> = {
  standard: {},
  obfuscate: { filename_encryption: 'obfuscate' },
  off: { filename_encryption: 'off' },
};
const stores = { ceph: remotes['ceph-s3'], swift: remotes['swift-s3'] };
const sealed = Object.entries(modes).map(([mode, options]) => [mode, crypt(`ceph:cli-sealed/${mode}`, options)]);
const site = sites.site('one', { ...stores, ...Object.fromEntries(sealed) });
const old = /-v\d{4}-\d\d-\d\d-\d{6}-\d{3}/;

/** A bucket that keeps versions. */
async function makeBucket(place: string): Promise<void> {
  const { rclone } = await site;
  await rclone(['purge', place]);
  await rclone(['mkdir', place]);
  const { code, stderr } = await rclone(['backend', 'versioning', place, 'Enabled']);
  expect(code, stderr).toBe(0);
}

async function store(tree: Tree, place: string): Promise<void> {
  const { coffer } = await site;
  const from = sites.path('from');
  rmSync(from, { recursive: true, force: true });
  writeTree(from, tree);
  const { code, stderr } = await coffer(['copy', from, place]);
  expect(code, stderr).toBe(0);
}

const linesOf = (text: string): string[] => sortedLines(text).filter((line) => line !== '');

/** Runs a line with both, and expects one exit code and the same lines. */
async function same(line: readonly string[]): Promise<Result> {
  const { coffer, rclone } = await site;
  const [ours, theirs] = [await coffer(line), await rclone(line)];
  const seen = ({ code, stdout }: Result) => ({ code, lines: sortedLines(stdout) });
  expect(seen(ours), `${ours.stderr}\nrclone: ${theirs.stderr}`).toEqual(seen(theirs));
  return ours;
}

afterAll(async () => {
  const { coffer } = await site;
  for (const name of ['versions', 'sealed', 'changed', 'paged']) await coffer(['purge', `ceph:cli-${name}`]);
  await coffer(['purge', 'swift:cli-versions']);
});

const first = { 'a.txt': '1', 'dir/b+ %41.tar.gz': '1', 'dir/.hidden': '1', gone: '1', ünï: '1' };
const second = { 'a.txt': '22', 'dir/b+ %41.tar.gz': '22', 'dir/.hidden': '22', gone: '22', later: '22' };

describe.each(['ceph', 'swift'])('on %s', (name) => {
  const bucket = `${name}:cli-versions`;
  let between = '';
  const views = (): readonly (readonly string[])[] => [
    ['--s3-versions'],
    ['--s3-version-at', between],
    ['--s3-version-at', '0s'],
    ['--s3-version-at', '2001-01-01'],
    ['--s3-version-at', 'off'],
  ];

  beforeAll(async () => {
    const { coffer } = await site;
    await makeBucket(bucket);
    await store(first, bucket);
    // Swift tells the time of a version in whole seconds, rounded up.
    await sleep(1100);
    between = new Date().toISOString();
    await store(second, bucket);
    await coffer(['deletefile', `${bucket}/gone`]);
    // Else a time of now may lie before the last of them, for one of the programs.
    await sleep(1100);
  });

  test.each(['ls', 'lsl', 'lsf -R --files-only', 'md5sum', 'size', 'ls --fast-list'])(
    '%s shows versions, and what was there at a time, as rclone does',
    async (command) => {
      for (const view of views()) await same([...command.split(' '), bucket, ...view]);
    },
  );

  // Of Swift's pages rclone 1.60 sees the first alone.
  test('a listing is whole, however short its pages are', async () => {
    const { coffer } = await site;
    for (const view of views()) {
      const { stdout: whole } = await coffer(['ls', bucket, ...view]);
      for (const chunk of ['1', '2', '3']) {
        for (const encoded of ['true', 'false']) {
          const line = ['ls', bucket, ...view, '--s3-list-chunk', chunk, `--s3-list-url-encode=${encoded}`];
          expect(await coffer(line)).toEqual({ code: 0, stdout: whole, stderr: '' });
        }
      }
    }
  });

  test('old versions and the state at a time are brought back as rclone brings them', async () => {
    const { coffer, rclone } = await site;
    for (const [index, view] of views().entries()) {
      const [ours, theirs] = [sites.path(`${name}-ours-${index}`), sites.path(`${name}-theirs-${index}`)];
      expect(await coffer(['copy', bucket, ours, ...view])).toMatchObject({ code: 0, stderr: '' });
      await rclone(['copy', bucket, theirs, ...view]);
      if (view.includes('2001-01-01')) expect(readdirSync(sites.folder)).not.toContain(`${name}-theirs-${index}`);
      else expect(readTree(ours)).toEqual(readTree(theirs));
    }
    expect(readTree(sites.path(`${name}-ours-1`))).toEqual(first);
  });

  test('one version is a file like any other, in folders too, where rclone does not find it', async () => {
    const { coffer, rclone } = await site;
    const { stdout } = await coffer(['lsf', '-R', bucket, '--s3-versions', '--include', 'b+*.tar-v*.gz']);
    const [file = ''] = stdout.split('\n').filter((line) => old.test(line));
    expect((await coffer(['cat', `${bucket}/${file}`, '--s3-versions'])).stdout).toBe('1');
    expect((await coffer(['cat', `${bucket}/dir/.hidden`, '--s3-version-at', between])).stdout).toBe('1');
    expect((await coffer(['md5sum', `${bucket}/dir/.hidden`, '--s3-version-at', between])).stdout).toContain(
      'c4ca4238a0b923820dcc509a6f75849b',
    );
    const [ours = ''] = sortedLines((await coffer(['lsf', bucket, '--s3-versions'])).stdout).filter((line) =>
      /^a-v/.test(line),
    );
    expect((await same(['cat', `${bucket}/${ours}`, '--s3-versions'])).stdout).toBe('1');
    const links = await Promise.all([coffer, rclone].map((run) => run(['link', `${bucket}/${ours}`, '--s3-versions'])));
    const [ourLink, theirLink] = links.map(({ stdout }) => stdout.replace(/(X-Amz-(Date|Signature))=\w+/g, '$1'));
    expect(ourLink).toBe(theirLink);
    expect(await (await fetch((links[0]?.stdout ?? '').trim())).text()).toBe('1');
    await same(['copyto', `${bucket}/later`, sites.path('no-such'), '--s3-version-at', between]);
  });
});

test.each(Object.keys(modes))('versions show through a crypt remote, as they do with rclone: %s', async (mode) => {
  const { coffer, rclone } = await site;
  await makeBucket('ceph:cli-sealed');
  await store(first, `${mode}:`);
  await store(second, `${mode}:`);
  const versions = await same(['lsl', `${mode}:`, '--s3-versions']);
  expect(sortedLines(versions.stdout).filter((line) => old.test(line))).toHaveLength(4);
  const now = await coffer(['lsf', '-R', '--files-only', `${mode}:`, '--s3-version-at', '0s']);
  expect(linesOf(now.stdout)).toEqual([...Object.keys(first), 'later'].sort());
  const [ours, theirs] = [sites.path(`ours-${mode}`), sites.path(`theirs-${mode}`)];
  expect(await coffer(['copy', `${mode}:`, ours, '--s3-versions'])).toMatchObject({ code: 0, stderr: '' });
  await rclone(['copy', `${mode}:`, theirs, '--s3-versions']);
  expect(readTree(ours)).toEqual(readTree(theirs));
  const [file = ''] = Object.keys(readTree(ours)).filter((path) => path.startsWith('dir/') && old.test(path));
  expect((await coffer(['cat', `${mode}:${file}`, '--s3-versions'])).stdout).toBe('1');
});

const changed = 'ceph:cli-changed';

/** What a bucket holds, without the times of its versions. */
async function stateOf(place: string): Promise<readonly string[]> {
  const { rclone } = await site;
  const { stdout } = await rclone(['ls', place, '--s3-versions']);
  return linesOf(stdout.replaceAll(new RegExp(old, 'g'), '-v'));
}

/** What a line does to the bucket, `{old}` being the oldest version of `a.txt`. */
async function change(line: string, program: 'coffer' | 'rclone') {
  const { [program]: runs, rclone } = await site;
  await makeBucket(changed);
  await store(first, changed);
  await store(second, changed);
  await rclone(['deletefile', `${changed}/gone`]);
  const { stdout } = await rclone(['lsf', '--files-only', changed, '--s3-versions', '--include', 'a-v*']);
  const { code, stderr } = await runs(line.replace('{old}', stdout.trimEnd()).split(' '));
  return { code, stderr, state: await stateOf(changed) };
}

test.each([
  `deletefile ${changed}/{old} --s3-versions`,
  `deletefile ${changed}/a.txt --s3-versions`,
  `delete ${changed} --s3-versions`,
  `delete ${changed}/dir --s3-versions --s3-list-chunk 1`,
  `moveto ${changed}/{old} ${changed}/new --s3-versions`,
  `copyto ${changed}/{old} ${changed}/a.txt --s3-versions`,
  `purge ${changed}/dir`,
  `purge ${changed}`,
])('%s leaves what rclone leaves', async (line) => {
  const [ours, theirs] = [await change(line, 'coffer'), await change(line, 'rclone')];
  expect({ ...ours, stderr: '' }).toEqual({ ...theirs, stderr: '' });
  expect(ours.code, ours.stderr).toBe(0);
});

test.each([
  ['touch {old} --s3-versions', 'names an old version'],
  ['copyto {file} {old} --s3-versions', 'names an old version'],
  ['copyto --ignore-times {file} a.txt --s3-version-at 0s', 'only be read'],
  ['deletefile a.txt --s3-version-at 0s', 'only be read'],
  ['touch a.txt --s3-version-at 0s', 'only be read'],
  ['purge dir --s3-version-at 0s', 'only be read'],
  ['rcat new --s3-version-at 0s', 'only be read'],
])('%s is refused with a reason, and nothing changes', async (line, reason) => {
  const file = sites.path('other');
  writeTree(file, { x: 'other' });
  const words = line.replace('{file}', `${file}/x`).split(' ');
  const target = words.findIndex((word) => /^(\{old\}|a\.txt|dir|new)$/.test(word));
  words[target] = `${changed}/${words[target]}`;
  const before = await change(`ls ${changed}`, 'coffer');
  const after = await change(words.join(' '), 'coffer');
  expect(after).toMatchObject({ code: 1, state: before.state, stderr: expect.stringContaining(reason) });
});

// A page may start at a version that went with the last one.
test.each(['delete --s3-versions', 'purge'])(
  '%s removes many versions of a file, whatever page they are on',
  async (line) => {
    const { coffer } = await site;
    await makeBucket('ceph:cli-paged');
    const dir = 'ceph:cli-paged/dir';
    for (const text of ['1', '22', '333', '4444', '55555']) await store({ 'a.txt': text }, dir);
    expect(await coffer([...line.split(' '), dir, '--s3-list-chunk', '2'])).toMatchObject({ code: 0, stderr: '' });
    expect(await stateOf('ceph:cli-paged')).toEqual([]);
  },
);

test('a file that was stored under the name of a version is one like any other, which rclone does not open', async () => {
  const { coffer } = await site;
  await makeBucket('ceph:cli-paged');
  const name = 'a-v2026-11-01-101010-000.txt';
  await store({ [name]: 'itself', 'a.txt': 'other' }, 'ceph:cli-paged');
  for (const view of [['--s3-versions'], ['--s3-version-at', '0s']]) {
    expect((await coffer(['cat', `ceph:cli-paged/${name}`, ...view])).stdout).toBe('itself');
    expect((await coffer(['cat', 'ceph:cli-paged', ...view])).stdout).toBe('itselfother');
  }
});
