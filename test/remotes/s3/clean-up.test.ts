import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Source } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { createBench, failureOf } from '../../contract/remote/bench.ts';
import { freshBucket, openS3 } from './open.ts';

const { remotes } = inject('lab');
const old = -60_000;
const day = 24 * 60 * 60 * 1000;

/** Begins an upload in parts, as a machine that goes down leaves it. */
async function leaveUpload(remote: Remote, path: string): Promise<void> {
  const source: Source = {
    size: 11 << 20,
    replayable: true,
    async *open() {
      yield new Uint8Array(1);
      throw new Failure('denied', 'the machine goes down');
    },
  };
  await expect(remote.write(path, source, {})).rejects.toThrow('the machine goes down');
}

for (const name of ['swift-s3', 'ceph-s3'] as const) {
  describe(`what uploads left in ${name}`, () => {
    const bucket = freshBucket();
    const log: string[] = [];
    const note = (subject: string, message: string) => void log.push(`${subject}: ${message}`);
    let remote: Remote;
    beforeAll(async () => {
      const options = { leave_parts_on_error: 'true', upload_cutoff: '6Mi', chunk_size: '5Mi', list_chunk: '2' };
      const report = { error: note, notice: note, info: note, debug: () => {} };
      remote = await openS3({ ...remotes[name], ...options }, { report });
      await remote.makeDir(bucket);
    });
    beforeEach(() => void log.splice(0));
    afterAll(async () => {
      await remote.cleanUp?.(bucket, old);
      await remote.purge?.(bucket);
      await remote[Symbol.asyncDispose]();
    });
    const cleanUp = async (dir: string, age = old): Promise<string[]> => {
      log.splice(0);
      await remote.cleanUp?.(dir, age);
      return log.map((line) => line.replace(/ of \d.*/, '')).sort();
    };
    const removed = (path: string): string => `${bucket}/${path}: removed the pending upload`;

    test('goes from a folder, page by page, and no file with it', async () => {
      await createBench({ remote, path: bucket }).put(`${bucket}/dir/file`, Buffer.from('kept'));
      const names = ['dir/a', 'dir/a', 'dir/deep/b', 'dir/käse & <b>', 'dir/file', 'dir2/c', 'd'];
      for (const path of names) await leaveUpload(remote, `${bucket}/${path}`);
      expect(await cleanUp(`${bucket}/dir`)).toEqual(names.slice(0, 5).map(removed).sort());
      expect(await cleanUp(`${bucket}/d`)).toEqual([removed('d')]);
      expect(await cleanUp(bucket)).toEqual([removed('dir2/c')]);
      expect(await cleanUp(bucket)).toEqual([]);
      expect((await remote.stat(`${bucket}/dir/file`)).size).toBe(4);
    });

    test('stays while it is young', async () => {
      await leaveUpload(remote, `${bucket}/young`);
      expect(await cleanUp(bucket, day)).toEqual([]);
      expect(await cleanUp(bucket)).toEqual([removed('young')]);
    });

    test('goes from all buckets at the root', async () => {
      await leaveUpload(remote, `${bucket}/any`);
      expect(await cleanUp('')).toContain(removed('any'));
    });

    test('a bucket that is not there is an error', async () => {
      expect(await failureOf(cleanUp(`${bucket}-missing`))).toBe('folder-not-found');
    });
  });
}
