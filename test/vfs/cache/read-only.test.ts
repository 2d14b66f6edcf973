import { expect, test } from 'vitest';
import { recordingReport } from '../../remotes/local/folder.ts';
import { troubled } from '../troubled.ts';
import { all, closeContent, eachWithCache, leaveDirty, openStore, readFile } from './bench.ts';

const bench = eachWithCache();

test('what an earlier mount left is read by a read-only one, and uploaded by the next that is not', async () => {
  let mayWrite = true;
  bench.remote = troubled(bench.remote, {
    fail(method, path) {
      if (method === 'write' && !mayWrite) throw new Error(`${path} is written`);
    },
  });
  await leaveDirty(bench, 'file', Buffer.from('written'));
  mayWrite = false;
  const { report, lines } = recordingReport();
  const store = await openStore(bench.remote, bench.folder, { isReadOnly: true }, report);
  expect(lines()).toContain('1 file left by an earlier mount will be uploaded by one that is not read-only');
  const [left] = store.recovered();
  if (!left) throw new Error('nothing was left');
  left.retain();
  expect(Buffer.from(await all(left)).toString()).toBe('written');
  await left.sync();
  await closeContent(left);
  expect(store.pending()).toEqual({ files: 1, bytes: 7, failures: [] });
  await store.drain();
  await store[Symbol.asyncDispose]();
  expect(lines()).not.toContain('is written');

  mayWrite = true;
  bench.store = await openStore(bench.remote, bench.folder);
  await bench.store.drain();
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe('written');
});
