import { expect, test } from 'vitest';
import { failing } from '../../../src/vfs/direct/spool.ts';

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
