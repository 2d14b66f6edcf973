import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { collect, onceSource, type Source, sourceOf } from '../../../src/core/bytes.ts';
import type { Entry } from '../../../src/core/entry.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { configText, type Section } from '../../servers/remotes.ts';
import { mustRun } from '../../servers/run.ts';
import { openSwift } from './open-swift.ts';

const { remotes } = inject('lab');
const chunk = 256 * 1024;
const modified = 1_234_567_890_123_456_789n;
const data = randomBytes(5 * chunk + 77);
const other = randomBytes(3 * chunk + 5);
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coffer-large-'));
  await writeFile(join(folder, 'data'), data);
  await writeFile(join(folder, 'other'), other);
});
afterAll(() => rm(folder, { recursive: true }));

for (const name of ['swift-v1', 'ceph-v1'] as const) {
  describe(`large objects on ${name}`, () => {
    const section: Section = { ...remotes[name], chunk_size: '256Ki' };
    const container = `large-${name}`;
    let remote: Remote;

    beforeAll(async () => {
      remote = await openSwift(section);
      await writeFile(join(folder, `${name}.conf`), configText({ lab: section }));
      await remote.makeDir(container);
      await remote.makeDir(`${container}_segments`);
    });
    afterAll(async () => {
      await remote.purge?.(container);
      await remote.purge?.(`${container}_segments`);
      await remote[Symbol.asyncDispose]();
    });

    const rclone = (...args: string[]): Promise<string> =>
      mustRun('rclone', ['--config', join(folder, `${name}.conf`), '--retries', '1', ...args]);
    const segments = async (path: string): Promise<string[]> => {
      const found: Entry[] = [];
      const walked = remote.walk?.(`${container}_segments/${path}`) ?? [];
      for await (const page of walked) found.push(...page);
      return found.map((entry) => entry.path).sort();
    };
    const put = (path: string, bytes: Uint8Array) =>
      remote.write(`${container}/${path}`, sourceOf(bytes), { modified });
    const get = async (path: string) => digest(await collect(remote.read(`${container}/${path}`)));
    const list = async (dir = ''): Promise<Entry[]> => {
      const found: Entry[] = [];
      for await (const page of remote.list(dir ? `${container}/${dir}` : container)) found.push(...page);
      return found;
    };

    test('go up in segments, in rclone’s layout, and read like any file', async () => {
      const written = await put('a/ours ä+%.bin', data);
      expect(written).toMatchObject({ size: data.length, modified });
      expect(await get('a/ours ä+%.bin')).toBe(digest(data));
      expect(await remote.stat(`${container}/a/ours ä+%.bin`)).toMatchObject({ size: data.length, modified });
      expect(await remote.hash?.(`${container}/a/ours ä+%.bin`, 'md5')).toBeNull();
      expect(await list('a')).toMatchObject([{ kind: 'file', size: data.length }]);
      const parts = await segments('a/ours ä+%.bin');
      expect(parts).toHaveLength(6);
      expect(parts[5]).toMatch(new RegExp(`/a/ours ä\\+%\\.bin/\\d+\\.\\d+/${data.length}/00000005$`));
    });

    test('any range across segments is the slice', async () => {
      await put('ranges', data);
      for (const [start, end] of [
        [0, 1],
        [chunk - 1, chunk + 1],
        [chunk, 3 * chunk],
        [5 * chunk + 70, data.length],
      ] as const) {
        const read = await collect(remote.read(`${container}/ranges`, { start, end }));
        expect(digest(read)).toBe(digest(data.subarray(start, end)));
      }
    });

    test('rclone reads ours with size and time, and deletes it with its segments', async () => {
      await put('to-rclone', data);
      await rclone('copyto', `lab:${container}/to-rclone`, join(folder, 'back'));
      expect(digest(await readFile(join(folder, 'back')))).toBe(digest(data));
      const line = await rclone('lsl', `lab:${container}/to-rclone`);
      expect(line).toContain(`${data.length} 2009-02-13 23:31:30.123456789 to-rclone`);
      await rclone('deletefile', `lab:${container}/to-rclone`);
      expect(await segments('to-rclone')).toEqual([]);
    });

    test('rclone overwrites ours and removes our segments', async () => {
      await put('overwritten', data);
      await rclone('copyto', join(folder, 'other'), `lab:${container}/overwritten`);
      expect(await get('overwritten')).toBe(digest(other));
      expect(await segments('overwritten')).toHaveLength(4);
    });

    test('rclone’s are read, overwritten and deleted with their segments', async () => {
      await rclone('copyto', join(folder, 'data'), `lab:${container}/from rclone`);
      expect(await segments('from rclone')).toHaveLength(6);
      expect(await get('from rclone')).toBe(digest(data));
      const entry = (await list()).find(({ path }) => path.endsWith('/from rclone'));
      expect(entry).toMatchObject({ kind: 'file', size: data.length });
      await put('from rclone', other);
      expect(await get('from rclone')).toBe(digest(other));
      expect(await segments('from rclone')).toHaveLength(4);
      await put('from rclone', Buffer.from('small'));
      expect(await segments('from rclone')).toEqual([]);
      await rclone('copyto', join(folder, 'data'), `lab:${container}/from rclone`);
      await remote.remove(`${container}/from rclone`);
      expect(await segments('from rclone')).toEqual([]);
    });

    test('a copy has segments of its own: each outlives the other', async () => {
      await put('original', data);
      expect(await remote.copy?.(`${container}/original`, `${container}/copies/one`)).toMatchObject({
        size: data.length,
        modified,
      });
      await remote.remove(`${container}/original`);
      expect(await segments('original')).toEqual([]);
      expect(await get('copies/one')).toBe(digest(data));
      expect((await remote.stat(`${container}/copies/one`)).modified).toBe(modified);
      await rclone('deletefile', `lab:${container}/copies/one`);
      expect(await segments('copies')).toEqual([]);
    });

    test('a new time keeps the object whole', async () => {
      await put('touched', data);
      await remote.setModified?.(`${container}/touched`, 1n);
      expect(await get('touched')).toBe(digest(data));
      expect((await remote.stat(`${container}/touched`)).modified).toBe(1n);
      await rclone('touch', '-t', '2020-01-02T03:04:05.678', `lab:${container}/touched`);
      expect((await remote.stat(`${container}/touched`)).modified).toBe(1_577_934_245_678_000_000n);
      expect(await get('touched')).toBe(digest(data));
    });

    test('a stream of unknown size goes up in segments', async () => {
      const stream = onceSource(sourceOf(data).open());
      const longer = Buffer.concat([data, data]);
      await remote.write(`${container}/stream`, stream, { modified });
      expect(await get('stream')).toBe(digest(data));
      await remote.write(`${container}/stream`, onceSource(sourceOf(longer).open()), { modified });
      expect(await get('stream')).toBe(digest(longer));
      expect(await segments('stream')).toHaveLength(11);
      expect((await segments('stream'))[0]).toContain('/-1/');
    });

    test('a failure half-way leaves the old object and no new segments', async () => {
      await put('half', other);
      const before = await segments('half');
      const broken: Source = {
        ...sourceOf(data),
        async *open(range = { start: 0 }) {
          if (range.start >= 3 * chunk) throw new Error('the disk broke');
          yield data.subarray(range.start, range.end);
        },
      };
      await expect(remote.write(`${container}/half`, broken, { modified })).rejects.toThrow('the disk broke');
      expect(await get('half')).toBe(digest(other));
      expect(await segments('half')).toEqual(before);
    });

    test('a cancelled upload takes its segments away', async () => {
      const controller = new AbortController();
      const slow: Source = {
        ...sourceOf(data),
        async *open(range = { start: 0 }) {
          if (range.start >= 4 * chunk) controller.abort();
          yield data.subarray(range.start, range.end);
        },
      };
      const write = remote.write(`${container}/cancelled`, slow, { modified }, { signal: controller.signal });
      await expect(write).rejects.toMatchObject({ kind: 'cancelled' });
      expect(await segments('cancelled')).toEqual([]);
      await expect(remote.stat(`${container}/cancelled`)).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('a purge takes the segments too, and those of a neighbour stay', async () => {
      await put('purge/x', data);
      await put('purge/deep/y', data);
      await put('purge-not/z', data);
      await remote.purge?.(`${container}/purge`);
      expect(await segments('purge')).toEqual([]);
      expect(await segments('purge-not')).toHaveLength(6);
      expect(await get('purge-not/z')).toBe(digest(data));
    });

    test('with use_segments_container = false segments lie in the container, unseen', async () => {
      const hidden = await openSwift({ ...section, use_segments_container: 'false' });
      await hidden.write(`${container}/inside`, sourceOf(data), { modified });
      expect(await segments('inside')).toEqual([]);
      const names: string[] = [];
      for await (const page of hidden.list(container)) names.push(...page.map((entry) => entry.path));
      expect(names).not.toContain(`${container}/.file-segments`);
      expect(digest(await collect(hidden.read(`${container}/inside`)))).toBe(digest(data));
      await hidden.remove(`${container}/inside`);
      expect((await list()).map((entry) => entry.path)).not.toContain(`${container}/.file-segments`);
      await hidden[Symbol.asyncDispose]();
    });
  });
}
