import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { createSpool, failing } from '../../../src/vfs/direct/spool.ts';
import { createDirectStore } from '../../../src/vfs/direct/store.ts';
import { makeScratch } from '../../scratch.ts';
import { usualReading } from '../usual-reading.ts';

const scratch = makeScratch();

/** What is on the disk of files without a name below `folder` that this process has open. */
function unnamedFiles(folder: string): readonly Buffer[] {
  const links = readdirSync('/proc/self/fd').map((name) => `/proc/self/fd/${name}`);
  const isUnnamed = (link: string): boolean => {
    try {
      return readlinkSync(link).startsWith(folder);
    } catch {
      // The descriptor of the listing itself.
      return false;
    }
  };
  return links.filter(isUnnamed).map((link) => readFileSync(link));
}

test('what is held lies encrypted on the disk', async () => {
  const spool = await createSpool(scratch);
  await spool.write(10, Buffer.from('GATTACA-patient-0815'));
  const [held, ...others] = unnamedFiles(scratch);
  expect(held?.length).toBe(16_384);
  expect(held?.includes('patient')).toBe(false);
  expect(others).toEqual([]);
  expect(Buffer.from(await spool.read(10, 20)).toString()).toBe('GATTACA-patient-0815');
  await spool.close();
});

test('what was not uploaded goes with its store, that of an upload under way too', async () => {
  const remote: Remote = {
    ...createMemoryRemote(),
    async write(_path, _source, _info, call) {
      throw await once(call?.signal as AbortSignal, 'abort');
    },
  };
  const retries = { firstRetry: 1, lastRetry: 1 };
  const store = createDirectStore(remote, { spoolFolder: scratch, reading: usualReading, retries }, silentReport);
  for (const path of ['waiting', 'open']) {
    const content = store.create(`bucket/${path}`);
    content.retain();
    await content.write(0, Buffer.from(path));
    if (path === 'waiting') await content.release();
  }
  expect(unnamedFiles(scratch)).toHaveLength(2);
  await store[Symbol.asyncDispose]();
  expect(unnamedFiles(scratch)).toEqual([]);
});

test.each([
  ['ENOSPC', 'full', ': make room, or give another folder with TMPDIR'],
  ['EFBIG', 'too-large', ''],
  ['EACCES', 'denied', ': give another folder with TMPDIR'],
  [
    'EMFILE',
    'transient',
    ': raise the limit (ulimit -Hn, LimitNOFILE of a systemd unit), or use --vfs-cache-mode full',
  ],
  ['EIO', 'fatal', ''],
])('%s where what is written is held is %s, with what to do about it', async (code, kind, remedy) => {
  const failed = failing('/tmp', () => Promise.reject(Object.assign(new Error('the disk'), { code })));
  await expect(failed).rejects.toMatchObject({ kind, message: `/tmp: cannot hold what is written: the disk${remedy}` });
});
