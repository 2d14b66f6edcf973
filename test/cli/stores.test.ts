import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { readTree, sortedLines, writeTree } from './run.ts';
import { createSites } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('stores');
const site = sites.site('one', { swift: remotes['swift-v3'], s3: remotes['ceph-s3'] });
const source = sites.path('source');

beforeAll(() => writeTree(source, { a: '1', 'dir/b': '2', 'dir/deep/c': '3' }));

describe.each(['swift', 's3'])('on %s', (store) => {
  const bucket = `${store}:cli-stores-${store}`;

  // A sweep lists a whole bucket at once: only a store does that.
  test('--fast-list copies to and from where nothing stands yet', async () => {
    const { coffer } = await site;
    const copied = sites.path(`copied-${store}`);
    for (const [from, to] of [
      [source, bucket],
      [bucket, copied],
    ] as const) {
      expect(await coffer(['copy', '--fast-list', from, to])).toMatchObject({ code: 0, stderr: '' });
    }
    expect(readTree(copied)).toEqual(readTree(source));
  });

  test.each([
    ['delete', '--fast-list', '--exclude-if-present', 'marker', '{}'],
    ['sync', '--fast-list', '--exclude-if-present', 'marker', source, '{}'],
  ])('%s leaves a folder with a marker alone, as rclone does', async (...line) => {
    const { coffer, rclone } = await site;
    const left: string[][] = [];
    for (const [name, program] of Object.entries({ coffer, rclone })) {
      const place = `${bucket}/${line[0]}-${name}`;
      const tree = join(sites.path('marked'), store);
      writeTree(tree, { 'kept/marker': '', 'kept/deep/x': '1', 'kept/y': '2', 'other/z': '3' });
      await rclone(['copy', tree, place]);
      rmSync(tree, { recursive: true });
      const { code, stderr } = await program(line.map((word) => word.replace('{}', place)));
      expect(code, stderr).toBe(0);
      left.push(sortedLines((await rclone(['lsf', '-R', '--files-only', place])).stdout));
    }
    expect(left[0]).toEqual(left[1]);
    expect(left[0]).toContain('kept/deep/x');
  });

  test('a person hears that a mistyped path holds nothing, a script does not', async () => {
    const { coffer, config } = await site;
    await coffer(['copy', source, `${bucket}/there`]);
    const onTerminal = async (...words: string[]): Promise<string> => {
      const env = { RCLONE_CONFIG: config };
      const { code, screen } = await converse([process.execPath, programPath, ...words], [], { terminal: true, env });
      expect(code).toBe(0);
      return screen;
    };
    const notice = `${bucket}/three: nothing of this name is there`;
    expect(await onTerminal('copy', `${bucket}/three`, sites.path('three'))).toContain(notice);
    expect(await onTerminal('cat', `${bucket}/three`)).toContain(notice);
    expect(await onTerminal('cat', `${bucket}/there/*.txt`)).toContain('patterns go into --include');
    expect(await onTerminal('ls', `${bucket}/there`, '--include', 'none')).toBe('');
    expect(await onTerminal('copy', `${bucket}/there`, sites.path('there'), '--max-size', '0b')).toBe('');
    expect(await coffer(['cat', `${bucket}/three`])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('a file and a folder of one name are both copied, as by rclone', async () => {
    const { coffer, rclone } = await site;
    writeTree(sites.path('twins/file'), { 'd/a': 'file', 'd/b': 'b' });
    writeTree(sites.path('twins/folder'), { 'd/a/x': 'in folder', 'd/a/y/z': 'deeper' });
    for (const part of ['file', 'folder']) await rclone(['copy', sites.path(`twins/${part}`), `${bucket}/twins`]);
    const listed = async (place: string): Promise<string[]> =>
      sortedLines((await rclone(['lsf', '-R', '--files-only', place])).stdout);
    const all = ['', 'd/a', 'd/a/x', 'd/a/y/z', 'd/b'];
    expect((await rclone(['sync', `${bucket}/twins`, `${bucket}/twins-rclone`])).code).toBe(0);
    expect(await listed(`${bucket}/twins-rclone`)).toEqual(all);
    for (const [there, ...flags] of [['nothing'], ['file'], ['folder'], ['file', '--fast-list']]) {
      const place = `${bucket}/twins-${there}${flags.length}`;
      // What is there already is paired by its kind.
      if (there !== 'nothing') await rclone(['copy', sites.path(`twins/${there}`), place]);
      const { code, stderr } = await coffer(['sync', `${bucket}/twins`, place, ...flags]);
      expect(code, stderr).toBe(0);
      expect(await listed(place), there).toEqual(all);
    }
    const moved = `${bucket}/twins-moved`;
    expect((await coffer(['move', `${bucket}/twins-file0`, moved])).code).toBe(0);
    expect(await listed(moved)).toEqual(all);
    expect((await coffer(['copy', moved, sites.path('twins/disk'), '--retries', '1'])).code).not.toBe(0);
  });

  test('rmdir of what is only a prefix does nothing, as in rclone', async () => {
    const { coffer, rclone } = await site;
    const folder = `${bucket}/prefix`;
    await coffer(['copy', join(source, 'a'), folder]);
    for (const place of [folder, `${folder}/missing`, `${store}:cli-missing-${store}/x`, `${store}:`, bucket]) {
      const ours = await coffer(['rmdir', place, '--retries', '1']);
      const theirs = await rclone(['rmdir', place, '--retries', '1', '--low-level-retries', '1']);
      expect(ours.code, place).toBe(place === bucket ? 1 : 0);
      expect(theirs.code, place).toBe(ours.code);
    }
    expect((await coffer(['lsf', folder])).stdout).toBe('a\n');
  });

  test.each(['purge', 'rmdir', 'rmdirs'])('%s of a file says that it is one, and leaves it', async (command) => {
    const { coffer } = await site;
    const folder = `${bucket}/${command}`;
    await coffer(['copy', join(source, 'a'), folder]);
    const { code, stderr } = await coffer([command, `${folder}/a`]);
    expect(code).toBe(1);
    expect(stderr).toContain('is a file not a directory');
    expect((await coffer(['lsf', folder])).stdout).toBe('a\n');
  });

  test('lsd tells of a bucket what rclone tells: what is in it, or when it was made', async () => {
    const { coffer, rclone } = await site;
    const name = `cli-counted-${store}`;
    await coffer(['copy', source, `${store}:${name}`]);
    const line = async (program: typeof coffer): Promise<string> => {
      const { stdout } = await program(['lsd', `${store}:`]);
      const found = stdout.split('\n').find((text) => text.endsWith(` ${name}`)) ?? '';
      // Swift tells no time: both show their own.
      return store === 'swift' ? found.replace(/\d{4}-\S+ \S+/, 'TIME') : found;
    };
    // Swift counts a moment later.
    await expect
      .poll(() => line(rclone), { timeout: 60_000 })
      .toMatch(store === 'swift' ? / 3 TIME +3 / : / -1 .* -1 /);
    expect(await line(coffer)).toBe(await line(rclone));
  });

  test('--header-upload says how an object is described, --header is sent with it, as by rclone', async () => {
    const { coffer, rclone } = await site;
    const types: string[] = [];
    for (const [name, program] of Object.entries({ coffer, rclone })) {
      const place = `${bucket}/described-${name}`;
      const flags = ['--header-upload', 'Content-Type: text/x-mine', '--header', 'X-Other: 1', '--tpslimit', '50'];
      const { code, stderr } = await program(['copy', source, place, '--header-download', 'X-Other: 2', ...flags]);
      expect(code, stderr).toBe(0);
      types.push((await rclone(['lsf', '-R', '--files-only', '--format', 'pm', place])).stdout);
    }
    expect(types[0]).toBe(types[1]);
    expect(types[0]).toContain('a;text/x-mine');
    const refused = await coffer(['copy', source, bucket, '--header', 'no colon']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('invalid header for --header: "no colon"');
  });

  test('--disable copy brings over by this machine what the store could copy', async () => {
    const { coffer, rclone } = await site;
    await rclone(['copy', source, `${bucket}/from`]);
    const copied = async (...flags: string[]): Promise<string> => {
      const to = `${bucket}/to-${flags.length}`;
      const { code, stderr } = await coffer(['copy', `${bucket}/from`, to, '--dump', 'headers', ...flags]);
      expect(code, stderr).toBe(0);
      expect((await rclone(['check', `${bucket}/from`, to])).code).toBe(0);
      return stderr;
    };
    expect(await copied()).toMatch(/x-(amz-copy-source|copy-from): /);
    expect(await copied('--disable', 'copy,MOVE')).not.toMatch(/x-(amz-copy-source|copy-from): /);
    const kept = ['sync', source, `${bucket}/to-0`, '--backup-dir', `${bucket}/kept`, '--disable', 'copy'];
    const [ours, theirs] = [await coffer(kept), await rclone(kept)];
    const why = "can't use --backup-dir on a remote which doesn't support server-side move or copy";
    expect([ours.stderr, theirs.stderr]).toEqual([expect.stringContaining(why), expect.stringContaining(why)]);
    expect(ours.code).toBe(theirs.code);
  });

  test('--streaming-upload-cutoff decides whether a stream goes up as one object, as in rclone', async () => {
    const { coffer, rclone } = await site;
    const input = 'x'.repeat(6 << 20);
    const hashes: string[][] = [];
    for (const [name, program] of Object.entries({ coffer, rclone })) {
      const at = (file: string): string => `${bucket}/streams-${name}/${file}`;
      for (const [file, ...flags] of [
        ['held', '--streaming-upload-cutoff', '7M'],
        ['streamed'],
        ['at-once', '--streaming-upload-cutoff', '0'],
      ]) {
        const { code, stderr } = await program(['rcat', at(file ?? ''), ...flags], { input });
        expect(code, stderr).toBe(0);
        expect((await rclone(['cat', at(file ?? '')])).stdout === input).toBe(true);
      }
      hashes.push(sortedLines((await rclone(['hashsum', 'MD5', at('')])).stdout));
    }
    expect(hashes[0]).toEqual(hashes[1]);
    // What went up in parts has no MD5.
    expect(hashes[0]?.filter((line) => /^[0-9a-f]{32} /.test(line))).toHaveLength(1);
  });

  test('a file gets the MIME type that rclone gives it', async () => {
    const { coffer, rclone } = await site;
    const typed = sites.path(`typed-${store}`);
    const names = ['page.html', 'table.csv', 'plot.PNG', 'paper.pdf', 'notes.txt', 'reads.bam', 'a.tar.gz', 'README'];
    writeTree(typed, Object.fromEntries(names.map((name) => [name, name])));
    const types: string[][] = [];
    for (const [name, program] of Object.entries({ coffer, rclone })) {
      await program(['copy', typed, `${bucket}/typed-${name}`]);
      const listing = JSON.parse((await rclone(['lsjson', `${bucket}/typed-${name}`])).stdout);
      types.push(listing.map((file: { Name: string; MimeType: string }) => `${file.Name} ${file.MimeType}`));
    }
    expect(types[0]).toEqual(types[1]);
    expect(types[0]).toContain('page.html text/html; charset=utf-8');
  });
});
