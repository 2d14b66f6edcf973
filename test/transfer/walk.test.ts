import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Call, Location } from '../../src/core/remote.ts';
import { createFilter } from '../../src/transfer/filter/filter.ts';
import type { FilterFlags } from '../../src/transfer/filter/flags.ts';
import type { Session } from '../../src/transfer/session.ts';
import { walk } from '../../src/transfer/walk.ts';
import { noFilterFlags } from './filter/no-flags.ts';
import { bucketOf, changed, testSession } from './session.ts';

const tree = { z: '1', 'sub/b': '22', 'sub/deep/c': '333', 'a/x': '4' };
const all = ['a', 'a/x', 'sub', 'sub/b', 'sub/deep', 'sub/deep/c', 'z'];

/** A store whose requests are counted: `list bucket/sub`. */
function counted(at: Location): { at: Location; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    at: changed(at, (base) => ({
      list(dir: string, call?: Call) {
        asked.push(`list ${dir}`);
        return base.list(dir, call);
      },
      walk(dir: string, call?: Call) {
        asked.push(`walk ${dir}`);
        return base.walk?.(dir, call) ?? base.list(dir, call);
      },
    })),
  };
}

async function pathsOf(session: Session, at: Location): Promise<string[]> {
  const paths: string[] = [];
  await walk(session, at, (page) => {
    for (const { path } of page) paths.push(path);
  });
  return paths;
}

async function filtered(flags: Partial<FilterFlags>) {
  const filter = await createFilter({ ...noFilterFlags, ...flags }, { readText: async () => '', now: 0n });
  return testSession({}, { filter });
}

describe('a walk', () => {
  it('of a store is one sweep, in the order of the paths', async () => {
    const { at, asked } = counted(await bucketOf(tree));
    expect(await pathsOf(testSession(), at)).toEqual(all);
    expect(asked).toEqual(['walk bucket']);
  });

  it('is a sweep also where files are left out, of any folder', async () => {
    for (const flags of [{ exclude: ['*.bam'] }, { include: ['*'] }, { minSize: '1b' }]) {
      const { at, asked } = counted(await bucketOf(tree));
      expect(await pathsOf(await filtered(flags), at)).toEqual(all);
      expect(asked).toEqual(['walk bucket']);
    }
  });

  it('asks for the times of files only whose names pass', async () => {
    const asked: string[] = [];
    const at = changed(await bucketOf({ ...tree, 'sub/x.bam': '5' }), (base) => ({
      features: { ...base.features, listsModified: false },
      stat(path: string, call?: Call) {
        asked.push(path);
        return base.stat(path, call);
      },
    }));
    expect(await pathsOf(await filtered({ include: ['*.bam'], minAge: '1970-01-02' }), at)).toEqual([
      ...['a', 'sub', 'sub/deep', 'sub/x.bam'],
    ]);
    expect(asked).toEqual(['bucket/sub/x.bam']);
  });

  it('does not list what rules leave out, with all that is in it', async () => {
    const { at, asked } = counted(await bucketOf(tree));
    const paths = await pathsOf(await filtered({ exclude: ['/sub/**'] }), at);
    expect(paths.sort()).toEqual(['a', 'a/x', 'z']);
    expect(asked.sort()).toEqual(['list bucket', 'list bucket/a']);
  });

  it('goes no deeper than it may', async () => {
    const { at, asked } = counted(await bucketOf(tree));
    expect(await pathsOf(testSession({ maxDepth: 1 }), at)).toEqual(['a', 'sub', 'z']);
    expect(asked).toEqual(['list bucket']);
  });

  it('of all buckets leaves out the one that cannot be read', async () => {
    const { remote } = await bucketOf(tree);
    await remote.makeDir('closed');
    const { at } = counted(
      changed({ remote, path: '' }, (base) => ({
        async *list(dir: string, call?: Call): AsyncGenerator<readonly Entry[]> {
          if (dir === 'closed') throw new Failure('denied', 'not yours', { path: dir });
          yield* base.list(dir, call);
        },
      })),
    );
    const session = testSession();
    expect((await pathsOf(session, at)).sort()).toEqual(['bucket', ...all.map((path) => `bucket/${path}`), 'closed']);
    expect(session.progress.errors).toBe(1);
  });

  it('shows a tree of very many names as they come', async () => {
    const many = Array.from({ length: 45_000 }, (_, i) => `f${45_000 - i}`);
    const pages: number[] = [];
    const at = changed(await bucketOf({}), () => ({
      async *walk(dir: string): AsyncGenerator<readonly Entry[]> {
        for (let i = 0; i < many.length; i += 1000) {
          yield many
            .slice(i, i + 1000)
            .map((name) => ({ kind: 'file', path: `${dir}/${name}`, size: 0, modified: null }));
        }
      },
    }));
    await walk(testSession(), at, (page) => {
      pages.push(page.length);
    });
    expect(pages).toEqual([21_000, ...Array.from({ length: 24 }, () => 1000)]);
  });
});
