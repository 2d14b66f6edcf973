import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Location } from '../../src/core/remote.ts';
import { createFilter } from '../../src/transfer/filter/filter.ts';
import { march } from '../../src/transfer/march.ts';
import type { Session } from '../../src/transfer/session.ts';
import { noFilterFlags } from './filter/no-flags.ts';
import { bucketOf, changed, testSession } from './session.ts';

/** Each pair as `path: source target`, with f for a file, d for a folder and - for nothing. */
async function pairsOf(session: Session, from: Location, to: Location, targetOnly = false): Promise<string[]> {
  const lines: string[] = [];
  const sign = (entry: { kind: string } | null): string => (entry ? (entry.kind === 'file' ? 'f' : 'd') : '-');
  await march(
    session,
    from,
    to,
    async (pairs) => {
      for (const { path, source, target } of pairs) lines.push(`${path}: ${sign(source)}${sign(target)}`);
    },
    { targetOnly, mayProbe: false },
  );
  return lines.sort();
}

const left = { both: '1', 'dir/both': '2', 'dir/left': '3', 'left/deep/file': '4' };
const right = { both: '1', 'dir/both': '2', 'dir/right': '5', 'right/deep/file': '6' };

describe('march', () => {
  it('pairs what stands on both sides, folder by folder', async () => {
    expect(await pairsOf(testSession(), await bucketOf(left), await bucketOf(right))).toEqual([
      'both: ff',
      'dir/both: ff',
      'dir/left: f-',
      'dir/right: -f',
      'dir: dd',
      'left/deep/file: f-',
      'left/deep: d-',
      'left: d-',
      'right: -d',
    ]);
  });

  it('descends into folders that only the target has when asked to', async () => {
    const pairs = await pairsOf(testSession(), await bucketOf(left), await bucketOf(right), true);
    expect(pairs).toEqual(expect.arrayContaining(['right/deep/file: -f', 'right/deep: -d']));
  });

  it('finds the same with one sweep of each tree', async () => {
    const [from, to] = [await bucketOf(left), await bucketOf(right)];
    for (const targetOnly of [false, true]) {
      const swept = await pairsOf(testSession({ fastList: true }), from, to, targetOnly);
      expect(swept).toEqual(await pairsOf(testSession(), from, to, targetOnly));
    }
  });

  it('stays within --max-depth', async () => {
    const pairs = await pairsOf(testSession({ maxDepth: 1 }), await bucketOf(left), await bucketOf(right), true);
    expect(pairs).toEqual(['both: ff', 'dir: dd', 'left: d-', 'right: -d']);
  });

  it('takes a target that is not there for an empty one', async () => {
    const to = { ...(await bucketOf({})), path: 'nowhere' };
    for (const fastList of [false, true]) {
      expect(await pairsOf(testSession({ fastList }), await bucketOf({ a: '1' }), to)).toEqual(['a: f-']);
    }
  });

  it('leaves out a folder that holds a marker, whichever way it lists', async () => {
    const flags = { ...noFilterFlags, excludeIfPresent: ['marker'] };
    const filter = await createFilter(flags, { readText: async () => '', now: 0n });
    const [from, to] = [await bucketOf(left), await bucketOf({ ...right, 'right/deep/marker': '' })];
    for (const fastList of [false, true]) {
      const pairs = await pairsOf(testSession({ fastList }, { filter }), from, to, true);
      expect(pairs).toContain('right: -d');
      expect(pairs.filter((line) => line.startsWith('right/'))).toEqual([]);
    }
  });

  it.for([
    ['ages', { maxAge: '100y' }, {}],
    ['markers', { excludeIfPresent: ['marker'] }, {}],
    ['names at the target', {}, { noTraverse: true }],
  ] as const)(
    'asks for as many %s at once as there are checkers, in all folders together',
    async ([, flags, options]) => {
      const paths = Array.from({ length: 64 }, (_, index) => [
        `dir${index % 8}/${index}`,
        `dir${index % 8}/in${index}/x`,
      ]);
      const files = Object.fromEntries(paths.flat().map((path) => [path, '1']));
      const filter = await createFilter(
        { ...noFilterFlags, ...flags },
        { readText: async () => '', now: 2_000_000_000n },
      );
      let running = 0;
      let most = 0;
      const slow = async () =>
        changed(await bucketOf(files), (base) => ({
          features: { ...base.features, listsModified: false },
          async stat(path, call) {
            most = Math.max(most, ++running);
            await sleep(1);
            running--;
            return base.stat(path, call);
          },
        }));
      const session = testSession({ checkers: 3, ...options }, { filter });
      expect(await pairsOf(session, await slow(), await slow())).toHaveLength(200);
      expect(most).toBe(3);
    },
  );

  it('throws when the source is not there', async () => {
    const from = { ...(await bucketOf({})), path: 'nowhere' };
    await expect(pairsOf(testSession(), from, await bucketOf({}))).rejects.toMatchObject({ kind: 'folder-not-found' });
  });

  it('a folder that cannot be read is counted, and the others go on', async () => {
    const session = testSession();
    const from = changed(await bucketOf(left), (base) => ({
      list: (dir, call) => {
        if (dir === 'bucket/dir') throw new Failure('denied', 'no permission', { path: dir });
        return base.list(dir, call);
      },
    }));
    const pairs = await pairsOf(session, from, await bucketOf(right));
    expect(pairs).toContain('left/deep/file: f-');
    expect(pairs.some((line) => line.startsWith('dir/'))).toBe(false);
    expect(session.progress.errors).toBe(1);
    expect(session.lines).toContain('ERROR dir: Error reading directory: no permission');
  });

  it('takes the first of two files of one name, and tells of the other', async () => {
    const session = testSession();
    const from = changed(await bucketOf({ a: '1' }), (base) => ({
      async *list(dir, call) {
        for await (const page of base.list(dir, call)) yield [...page, ...page];
      },
    }));
    expect(await pairsOf(session, from, await bucketOf({}))).toEqual(['a: f-']);
    expect(session.lines).toContain('NOTICE a: Duplicate object found in source - ignoring');
  });
});
