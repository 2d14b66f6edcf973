import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Call, ListAhead, Location, Remote } from '../../src/core/remote.ts';
import { createListAhead, listAheadFor } from '../../src/transfer/list-ahead.ts';
import { transferTree } from '../../src/transfer/sync.ts';
import { entriesOf } from '../contract/remote/bench.ts';
import { bucketOf, changed, filesIn, testSession } from './session.ts';

const newAhead = (clock = () => 0): ListAhead => createListAhead(signal, () => 'list', clock);
const never = new Promise<void>(() => {});
const { signal } = new AbortController();

const tree = { a: '1', 'sub/b': '22', 'sub/deep/c': '333' };

/** A remote whose listings are counted, by folder. */
function counted(at: Location): { at: Location; listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    at: changed(at, (base) => ({
      list(dir: string, call?: Call) {
        listed.push(dir);
        return base.list(dir, call);
      },
    })),
  };
}

/** A store whose root holds pages without end, `length` entries each. */
function endless(length: number): { remote: Remote; state: { asked: number; isEnded: boolean } } {
  const state = { asked: 0, isEnded: false };
  async function* list(): AsyncGenerator<readonly Entry[]> {
    try {
      for (;;) {
        state.asked++;
        yield Array.from({ length }, (_, i) => ({
          kind: 'file' as const,
          path: `${state.asked}-${i}`,
          size: 0,
          modified: null,
        }));
      }
    } finally {
      state.isEnded = true;
    }
  }
  return { remote: { list } as Partial<Remote> as Remote, state };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

describe('what is listed ahead', () => {
  it('is what the remote lists, once', async () => {
    const { at, listed } = counted(await bucketOf(tree));
    await using ahead = newAhead();
    ahead.begin(at, never);
    await settle();
    expect(listed).toEqual(['bucket', 'bucket/sub', 'bucket/sub/deep']);
    for (const dir of ['bucket/sub/deep', 'bucket', 'bucket/sub']) {
      const pages = ahead.take(at.remote, dir, 'list');
      expect(pages && (await entriesOf(pages))).toEqual(await entriesOf(at.remote.list(dir)));
      expect(ahead.take(at.remote, dir, 'list')).toBeNull();
    }
  });

  it('is nothing of another remote or folder', async () => {
    const at = await bucketOf(tree);
    await using ahead = newAhead();
    ahead.begin(at, never);
    await settle();
    expect(ahead.take((await bucketOf(tree)).remote, 'bucket', 'list')).toBeNull();
    expect(ahead.take(at.remote, 'bucket/none', 'list')).toBeNull();
  });

  it('is listed once where two had it begin', async () => {
    const { at, listed } = counted(await bucketOf(tree));
    await using ahead = newAhead();
    ahead.begin(at, never);
    ahead.begin(at, never);
    await settle();
    expect(listed).toEqual(['bucket', 'bucket/sub', 'bucket/sub/deep']);
  });

  it('is what a transfer walks, and nothing is listed a second time', async () => {
    const { at, listed } = counted(await bucketOf(tree));
    const to = await bucketOf({});
    await using ahead = newAhead();
    ahead.begin(at, never);
    await settle();
    await transferTree({ ...testSession(), ahead }, at, to, 'copy');
    expect(listed).toEqual(['bucket', 'bucket/sub', 'bucket/sub/deep']);
    expect(await filesIn(to)).toEqual(tree);
  });

  it('is no more than what has begun once the remote is open', async () => {
    const { at, listed } = counted(await bucketOf(tree));
    await using ahead = newAhead();
    ahead.begin(at, Promise.reject(new Failure('usage', 'there is no password')));
    await settle();
    expect(listed).toEqual(['bucket']);
    expect(ahead.take(at.remote, 'bucket/sub', 'list')).toBeNull();
  });

  it('is nothing that has waited long', async () => {
    const at = await bucketOf(tree);
    let time = 0;
    await using ahead = newAhead(() => time);
    ahead.begin(at, never);
    await settle();
    time = 10_001;
    expect(ahead.take(at.remote, 'bucket', 'list')).toBeNull();
  });

  it('is bounded, and goes on where it is asked for', async () => {
    const { remote, state } = endless(4000);
    await using ahead = newAhead();
    ahead.begin({ remote, path: '' }, never);
    await settle();
    expect(state.asked).toBe(3);
    const paths: string[] = [];
    for await (const page of ahead.take(remote, '', 'list') ?? []) {
      paths.push(page[0]?.path ?? '');
      if (paths.length === 5) break;
    }
    expect(paths).toEqual(['1-0', '2-0', '3-0', '4-0', '5-0']);
    expect(state.isEnded).toBe(true);
  });

  it('fails where it is asked for, and what is beside it does not', async () => {
    const at = changed(await bucketOf(tree), (base) => ({
      list: (dir: string, call?: Call) => (dir === 'bucket/sub' ? failing(dir) : base.list(dir, call)),
    }));
    await using ahead = newAhead();
    ahead.begin(at, never);
    await settle();
    expect((await entriesOf(ahead.take(at.remote, 'bucket', 'list') ?? failing('bucket'))).length).toBe(2);
    await expect(entriesOf(ahead.take(at.remote, 'bucket/sub', 'list') ?? failing('no'))).rejects.toMatchObject({
      kind: 'transient',
    });
  });
});

it('a store that refuses at once is no failure before it is asked', async () => {
  const refused = new Failure('denied', 'no such name');
  const at = changed(await bucketOf(tree), () => ({
    list() {
      throw refused;
    },
  }));
  await using ahead = newAhead();
  ahead.begin(at, never);
  await settle();
  await expect(entriesOf(ahead.take(at.remote, 'bucket', 'list') ?? failing('no'))).rejects.toBe(refused);
});

async function* failing(dir: string): AsyncGenerator<readonly Entry[]> {
  yield [];
  throw new Failure('transient', `${dir}: the store is away`);
}

describe('what nobody asked for', () => {
  it('is ended with the rest', async () => {
    const { remote, state } = endless(20_000);
    const ahead = newAhead();
    ahead.begin({ remote, path: '' }, never);
    await settle();
    await ahead[Symbol.asyncDispose]();
    expect(state).toEqual({ asked: 1, isEnded: true });
  });

  it('is given up in the middle of a request', async () => {
    async function* list(_: string, call?: Call): AsyncGenerator<readonly Entry[]> {
      await new Promise((_resolve, reject) => {
        call?.signal?.addEventListener('abort', () => reject(new Failure('cancelled', 'cancelled')));
      });
    }
    const ahead = newAhead();
    ahead.begin({ remote: { list } as Partial<Remote> as Remote, path: '' }, never);
    await settle();
    await ahead[Symbol.asyncDispose]();
  });
});

describe('who walks', () => {
  const walking = () => listAheadFor(testSession(), 'walk') ?? newAhead();

  it('is given what one sweep of a store began with, and the rest', async () => {
    const { at, listed } = counted(await bucketOf(tree));
    await using ahead = walking();
    ahead.begin(at, never);
    await settle();
    expect(listed).toEqual([]);
    expect(ahead.take(at.remote, 'bucket', 'list')).toBeNull();
    const pages = ahead.take(at.remote, 'bucket', 'walk');
    expect(pages && (await entriesOf(pages))).toEqual(await entriesOf(at.remote.walk?.('bucket') ?? failing('no')));
    expect(ahead.take(at.remote, 'bucket', 'walk')).toBeNull();
  });

  it('is given folder by folder what has no sweep', async () => {
    const { remote, path } = await bucketOf(tree);
    const { walk: _, ...rest } = remote;
    const { at, listed } = counted({ remote: rest, path });
    await using ahead = walking();
    ahead.begin(at, never);
    await settle();
    expect(listed).toEqual(['bucket', 'bucket/sub', 'bucket/sub/deep']);
    expect(ahead.take(at.remote, 'bucket', 'list')).not.toBeNull();
  });
});

test('who walks all buckets is given them folder by folder, as a sweep would not be taken', async () => {
  const { at, listed } = counted({ ...(await bucketOf(tree)), path: '' });
  await using ahead = listAheadFor(testSession(), 'walk') ?? newAhead();
  ahead.begin(at, never);
  await settle();
  expect(listed).toEqual(['', 'bucket', 'bucket/sub', 'bucket/sub/deep']);
  expect(ahead.take(at.remote, '', 'walk')).toBeNull();
});

test('only who looks at all there is has listings begin early', () => {
  const { filter } = testSession();
  for (const method of ['list', 'walk'] as const) {
    expect(listAheadFor(testSession(), method)).not.toBeNull();
    expect(listAheadFor(testSession({ maxDepth: 1 }), method)).toBeNull();
    expect(listAheadFor(testSession({}, { filter: { ...filter, isInactive: false } }), method)).toBeNull();
  }
  expect(listAheadFor(testSession({ fastList: true }), 'list')).toBeNull();
});
