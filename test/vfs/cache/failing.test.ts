import { expect, test } from 'vitest';
import { failing } from '../../../src/vfs/cache/failing.ts';

test.each([
  ['EROFS', 'denied', ': give a folder of your own with --cache-dir'],
  ['EACCES', 'denied', ': give a folder of your own with --cache-dir'],
  ['ENOSPC', 'full', ''],
  ['EMFILE', 'transient', ': raise the limit (ulimit -Hn, LimitNOFILE of a systemd unit)'],
  ['EFBIG', 'too-large', ''],
  ['ENOTDIR', 'fatal', ': give a folder of your own with --cache-dir'],
  ['EIO', 'fatal', ''],
])('%s on the disk of the cache is %s, with what to do about it', async (code, kind, remedy) => {
  const failed = failing('/cache', () => Promise.reject(Object.assign(new Error('the disk'), { code })));
  await expect(failed).rejects.toMatchObject({ kind, message: `the cache at /cache: the disk${remedy}` });
});
