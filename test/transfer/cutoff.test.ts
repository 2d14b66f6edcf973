import { expect, it } from 'vitest';
import { createCutoff } from '../../src/transfer/cutoff.ts';
import { transferTree } from '../../src/transfer/sync.ts';
import { bucketOf, filesIn, testSession } from './session.ts';

const files = { a: '1234', b: '1234', c: '1234' };

it('a second attempt has what the first one left', async () => {
  const cutoff = createCutoff(8, 'soft');
  const run = async (from: Awaited<ReturnType<typeof bucketOf>>, to: typeof from) =>
    transferTree(testSession({ transfers: 1 }, { cutoff }), from, to, 'copy');
  const to = await bucketOf({});
  await run(await bucketOf({ a: '1234' }), to);
  await expect(run(await bucketOf(files), to)).rejects.toMatchObject({ kind: 'exceeded' });
  expect(Object.keys(await filesIn(to))).toHaveLength(2);
});

it('cautious counts what is under way', async () => {
  const to = await bucketOf({});
  const session = testSession({ transfers: 3 }, { cutoff: createCutoff(10, 'cautious') });
  await expect(transferTree(session, await bucketOf(files), to, 'copy')).rejects.toMatchObject({ kind: 'exceeded' });
  expect(Object.keys(await filesIn(to))).toHaveLength(2);
  expect(session.lines.filter((line) => line.includes('stopping transfers'))).toHaveLength(1);
});

it('a hard limit breaks off the file that passes it, and sync deletes nothing', async () => {
  const to = await bucketOf({ old: 'old' });
  const session = testSession({ transfers: 1 }, { cutoff: createCutoff(6, 'hard') });
  await expect(transferTree(session, await bucketOf(files), to, 'sync')).rejects.toMatchObject({ kind: 'exceeded' });
  expect(await filesIn(to)).toEqual({ a: '1234', old: 'old' });
});

it('what the time ran out for ends the run, once all has settled', async () => {
  const slow = await bucketOf(files);
  const to = await bucketOf({});
  const from = {
    ...slow,
    remote: {
      ...slow.remote,
      async *read(...given: Parameters<typeof slow.remote.read>) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        yield* slow.remote.read(...given);
      },
    },
  };
  const session = testSession({ transfers: 1, maxDuration: 100 }, { cutoff: createCutoff(-1, 'soft') });
  await expect(transferTree(session, from, to, 'sync')).rejects.toMatchObject({ kind: 'fatal' });
  expect(Object.keys(await filesIn(to)).length).toBeLessThan(2);
});
