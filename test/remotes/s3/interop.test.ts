import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { onceSource, sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createBench, digest, entriesOf, leapDay, patterned } from '../../contract/remote/bench.ts';
import { requirePeer } from '../../servers/peers.ts';
import { configText } from '../../servers/remotes.ts';
import { mustRun } from '../../servers/run.ts';
import { freshBucket, openS3 } from './open.ts';

const { remotes } = inject('lab');
const names = ['plain', 'with space+plus', 'ünï/日本', '%41&<x>#?', 'quote‛／', 'tab\u2409end', 'dots/．．/．'];
const small = { upload_cutoff: '6Mi', chunk_size: '5Mi', copy_cutoff: '6Mi' };
let folder: string;

beforeAll(async () => {
  requirePeer('rclone');
  folder = await mkdtemp(join(tmpdir(), 'coffer-s3-'));
  await writeFile(join(folder, 'rclone.conf'), configText(remotes));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rclone = (...args: string[]) =>
  mustRun('env', ['-u', 'AWS_CA_BUNDLE', 'rclone', '--config', join(folder, 'rclone.conf'), ...args]);

for (const name of ['swift-s3', 'swift-keystone-s3', 'ceph-s3', 'ceph-keystone-s3'] as const) {
  describe(`rclone and we over ${name}`, () => {
    const bucket = freshBucket();
    let remote: Remote;
    const notices: string[] = [];
    beforeAll(async () => {
      const report = { ...silentReport, notice: (...words: string[]) => void notices.push(words.join(': ')) };
      remote = await openS3({ ...remotes[name], ...small }, { report });
    });
    afterAll(async () => {
      await remote.purge?.(bucket);
      await remote[Symbol.asyncDispose]();
    });
    const bench = () => createBench({ remote, path: bucket });

    test('rclone reads what we wrote: names, bytes, times to the nanosecond', async () => {
      for (const path of names) await bench().put(`${bucket}/ours/${path}`, path);
      const listing = await rclone('lsjson', '-R', '--files-only', `${name}:${bucket}/ours`);
      const found = JSON.parse(listing) as { Path: string; Size: number; ModTime: string }[];
      expect(found.map((file) => file.Path).sort()).toEqual([...names].sort());
      for (const file of found) expect(file.ModTime).toBe('2024-02-29T12:34:56.123456789Z');
      for (const path of names) expect(await rclone('cat', `${name}:${bucket}/ours/${path}`)).toBe(path);
    });

    test('a large object with a percent sign in its name is not copied on the store, which may take another for it', async () => {
      const paths = [`${bucket}/large/a%2Fb`, `${bucket}/large/a/b`];
      for (const path of paths) await bench().put(path, path.padEnd(6 * 1024 * 1024));
      const [meant = ''] = paths;
      await expect(remote.copy?.(meant, `${bucket}/large/copy`)).rejects.toMatchObject({ kind: 'unsupported' });
      await expect(remote.stat(`${bucket}/large/copy`)).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('we read what rclone wrote: names, bytes, times to the nanosecond', async () => {
      const local = join(folder, name);
      for (const path of names) {
        await mkdir(dirname(join(local, path)), { recursive: true });
        await writeFile(join(local, path), 'theirs');
        await utimes(join(local, path), 1_600_000_000, 1_600_000_000.5);
      }
      await rclone('copy', local, `${name}:${bucket}/theirs`);
      const found = await entriesOf(remote.walk?.(`${bucket}/theirs`) ?? remote.list(bucket));
      const listing = await rclone('lsf', '-R', '--files-only', `${name}:${bucket}/theirs`);
      expect(found.map(({ path }) => path.slice(`${bucket}/theirs/`.length)).sort()).toEqual(
        listing.trimEnd().split('\n').sort(),
      );
      for (const { path } of found) {
        expect(await remote.stat(path)).toMatchObject({ size: 6, modified: 1_600_000_000_500_000_000n });
        expect(await bench().text(path)).toBe('theirs');
      }
    });

    test('files in parts agree both ways, from a file and from a pipe', async () => {
      const data = patterned((11 << 20) + 17);
      const file = join(folder, `${name}-big`);
      await writeFile(file, data);
      await bench().put(`${bucket}/parts/file`, data);
      const pipe = { ...onceSource(sourceOf(data).open()), size: data.length };
      await remote.write(`${bucket}/parts/pipe`, pipe, { modified: leapDay });
      await rclone(
        'copyto',
        '--s3-upload-cutoff',
        '5M',
        '--s3-chunk-size',
        '5M',
        file,
        `${name}:${bucket}/parts/rclone`,
      );
      for (const path of ['file', 'pipe', 'rclone']) {
        expect(digest(await bench().get(`${bucket}/parts/${path}`))).toBe(digest(data));
        expect(digest(await bench().get(`${bucket}/parts/${path}`, { start: 5_000_000, end: 11_000_000 }))).toBe(
          digest(data.subarray(5_000_000, 11_000_000)),
        );
        await rclone('copyto', `${name}:${bucket}/parts/${path}`, `${file}-back`);
        expect(digest(await readFile(`${file}-back`))).toBe(digest(data));
      }
      expect((await stat(`${file}-back`)).size).toBe(data.length);
      expect(await remote.hash?.(`${bucket}/parts/rclone`, 'md5')).toBe(digest(data, 'md5'));
    });

    test('a pipe that may become long goes up in larger parts, and one of which nobody knows is told its limit', async () => {
      const data = patterned((11 << 20) + 17);
      const pipe = () => onceSource(sourceOf(data).open());
      const long = await remote.write(`${bucket}/parts/long`, { ...pipe(), atMost: 60 * 2 ** 30 }, {});
      expect(long.tag).toMatch(/-2$/);
      expect(digest(await bench().get(`${bucket}/parts/long`))).toBe(digest(data));
      const unknown = await remote.write(`${bucket}/parts/unknown`, pipe(), {});
      expect(unknown.tag).toMatch(/-3$/);
      const limit = 'Streaming uploads using chunk size 5Mi will have maximum file size of 48.828Gi';
      expect(notices.splice(0)).toEqual([`${bucket}/parts/unknown: ${limit}`]);
    });

    test('a large file is copied, and its time set, in parts inside the store', async () => {
      const data = patterned((12 << 20) + 5);
      await bench().put(`${bucket}/copy/from`, data);
      await remote.copy?.(`${bucket}/copy/from`, `${bucket}/copy/to +`);
      expect(digest(await bench().get(`${bucket}/copy/to +`))).toBe(digest(data));
      await remote.setModified?.(`${bucket}/copy/to +`, leapDay + 1n);
      expect(await remote.stat(`${bucket}/copy/to +`)).toMatchObject({ size: data.length, modified: leapDay + 1n });
      expect(digest(await bench().get(`${bucket}/copy/to +`))).toBe(digest(data));
    });

    test('the time that we set on a file of rclone keeps its type and other metadata', async () => {
      const args = ['--header-upload', 'Content-Type: text/x-odd', '--header-upload', 'X-Amz-Meta-Kept: yes'];
      await writeFile(join(folder, 'typed'), 'typed');
      await rclone('copyto', ...args, join(folder, 'typed'), `${name}:${bucket}/typed`);
      await remote.setModified?.(`${bucket}/typed`, leapDay);
      expect(await remote.stat(`${bucket}/typed`)).toMatchObject({ modified: leapDay, mimeType: 'text/x-odd' });
      const [file] = JSON.parse(await rclone('lsjson', '-M', `${name}:${bucket}/typed`)) as { Metadata: object }[];
      expect(file?.Metadata).toMatchObject({ kept: 'yes' });
    });
  });
}
