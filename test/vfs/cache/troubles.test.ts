import { mkdirSync, readdirSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { FileEntry } from '../../../src/core/entry.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
import { createBench } from '../../contract/vfs/bench.ts';
import { recordingReport } from '../../remotes/local/folder.ts';
import { run } from '../../servers/run.ts';
import { networkFailure, troubled } from '../troubled.ts';
import {
  all,
  closeContent,
  createContent,
  eachWithCache,
  editRecords,
  filesIn,
  leaveDirty,
  never,
  openContent,
  openStore,
  putFile,
  readFile,
} from './bench.ts';
import { buildProgram, programEnvironment } from './program.ts';
import { random } from './random.ts';

const block = 1 << 16;
const bench = eachWithCache();

/** The cache's own folder. */
function inside(): string {
  return join(bench.folder, 'vfs', readdirSync(join(bench.folder, 'vfs'))[0] ?? '');
}

test('an upload that fails is tried again until it stands, and the failure is told', async () => {
  let failures = 4;
  const flaky = troubled(bench.remote, {
    fail(method, path) {
      if (method === 'write' && failures-- > 0) throw networkFailure(path);
    },
  });
  const { report, lines } = recordingReport();
  bench.store = await openStore(flaky, bench.folder, {}, report);
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('content'));
  await closeContent(content);
  const pending = () => bench.store?.pending();
  await expect.poll(() => pending()?.failures).toEqual([{ path: 'file', message: 'file: the network is away' }]);
  await expect.poll(pending).toEqual({ files: 0, bytes: 0, failures: [] });
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe('content');
  expect(lines()).toMatch(/file: not uploaded, will be tried again: file: the network is away/);
});

test('it uploads what stood at one moment, however much is written meanwhile', async () => {
  const uploads: Uint8Array[] = [];
  const slow: Remote = {
    ...bench.remote,
    async write(path, source, info, call) {
      const dripping = {
        ...source,
        async *open() {
          for await (const piece of source.open()) {
            for (let start = 0; start < piece.length; start += block) {
              await sleep(1);
              yield piece.subarray(start, start + block);
            }
          }
        },
      };
      const written = await bench.remote.write(path, dripping, info, call);
      uploads.push(await readFile(bench.remote, path));
      return written;
    },
  };
  bench.store = await openStore(slow, bench.folder);
  const content = createContent(bench.store, 'file');
  for (let round = 1; round <= 30; round++) {
    // Back to front: a mixture would show an older front.
    for (let at = 9; at >= 0; at--) await content.write(at * block, new Uint8Array(block).fill(round));
    await content.flush();
    if (round % 3 === 0) void bench.store.drain();
    await sleep(round % 4 === 0 ? 30 : 2);
  }
  await content.release();
  await bench.store.drain();
  uploads.push(await readFile(bench.remote, 'file'));
  for (const [i, bytes] of uploads.entries()) {
    const kinds = new Set(Array.from({ length: 10 }, (_, at) => bytes[at * block]));
    const rounds = [...kinds].filter((round) => round !== undefined);
    expect(rounds.length, `upload ${i} holds the rounds ${rounds}`).toBeLessThanOrEqual(2);
  }
  expect(new Set(uploads.at(-1))).toEqual(new Set([30]));
});

test('a file renamed or removed while it waits is uploaded by its new name, or not at all, by the next run too', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  for (const name of ['moved', 'removed']) {
    const content = createContent(bench.store, name);
    await content.write(0, Buffer.from(name));
    await closeContent(content);
    const hold = await content.hold();
    await (name === 'moved' ? hold.moved('there', null) : hold.removed());
  }
  await bench.store[Symbol.asyncDispose]();
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  expect(bench.store.recovered().map(({ path }) => path)).toEqual(['there']);
  await bench.store.drain();
  expect(Buffer.from(await readFile(bench.remote, 'there')).toString()).toBe('moved');
});

test('an upload that the store goes on with although it was given up does not undo a later one', async () => {
  const landings: Promise<unknown>[] = [];
  const late: Remote = {
    ...troubled(bench.remote, {}),
    async write(path, source, info, call) {
      const bytes = await collect(source.open());
      const landing = sleep(landings.length === 0 ? 200 : 0).then(() =>
        bench.remote.write(path, sourceOf(bytes), info),
      );
      landings.push(landing);
      const givenUp = new Promise<never>((_, reject) => {
        call?.signal?.addEventListener('abort', () => reject(networkFailure(path)));
      });
      return Promise.race([landing, givenUp]);
    },
  };
  bench.store = await openStore(late, bench.folder);
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('first'));
  await closeContent(content);
  await expect.poll(() => landings.length).toBe(1);
  content.retain();
  await content.write(0, Buffer.from('later'));
  await closeContent(content);
  await bench.store.drain();
  await Promise.all(landings);
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe('later');
});

test('changes of a version that is gone from the remote say what ends their waiting, and end when it is done', async () => {
  await putFile(bench.remote, 'file', random(7).bytes(3 * block));
  bench.store = await openStore(bench.remote, bench.folder);
  const content = await openContent(bench.store, bench.remote, 'file');
  await content.write(block, Buffer.from('changed'));
  await putFile(bench.remote, 'file', Buffer.from('another version'));
  await closeContent(content);
  const failures = () => bench.store?.pending().failures.map(({ message }) => message);
  await expect
    .poll(failures)
    .toEqual([expect.stringMatching(/^file: cannot be uploaded.*Write it again, or remove it$/)]);
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe('another version');
  content.retain();
  await content.truncate(0);
  await content.write(0, Buffer.from('anew'));
  await closeContent(content);
  await expect.poll(() => bench.store?.pending().files).toBe(0);
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe('anew');
});

test('whoever changes a file does not wait for the look before its upload that gets no answer', async () => {
  await putFile(bench.remote, 'file', Buffer.from('one'));
  let looks = 0;
  const silent: Remote = {
    ...bench.remote,
    stat: (_, call) =>
      new Promise((_, reject) => {
        looks++;
        call?.signal?.addEventListener('abort', () => reject(networkFailure('file')));
      }),
  };
  bench.store = await openStore(silent, bench.folder);
  const content = await openContent(bench.store, bench.remote, 'file');
  await content.write(0, Buffer.from('two'));
  await closeContent(content);
  await expect.poll(() => looks).toBe(1);
  content.retain();
  await content.write(0, Buffer.from('six'));
  expect(Buffer.from(await all(content)).toString()).toBe('six');
  await closeContent(content);
});

test('a rename does not wait for a read that stands still, which goes on after it', async () => {
  const data = random(7).bytes(3 * block);
  await putFile(bench.remote, 'file', data);
  let stands = true;
  let isAsked = (): void => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const still: Remote = {
    ...troubled(bench.remote, { without: ['open'] }),
    async *read(path, range, call) {
      isAsked();
      if (stands) await new Promise(() => {});
      yield* bench.remote.read(path, range, call);
    },
  };
  bench.store = await openStore(still, bench.folder);
  const content = await openContent(bench.store, still, 'file');
  const reading = all(content);
  await asked;
  const hold = await content.hold();
  stands = false;
  await putFile(bench.remote, 'other', data);
  await bench.remote.remove('file');
  await hold.moved('other', await bench.remote.stat('other'));
  expect(Buffer.compare(await reading, data)).toBe(0);
  await content.release();
});

test('a file that its writer has closed is uploaded although others have it open to read', async () => {
  bench.store = await openStore(bench.remote, bench.folder);
  const content = createContent(bench.store, 'file');
  content.retain();
  await content.write(0, Buffer.from('written'));
  await closeContent(content);
  await expect.poll(() => textsOn(bench.remote)).toEqual({ file: 'written' });
  expect(Buffer.from(await all(content)).toString()).toBe('written');
  await content.release('reader');
});

test('what is done to a file by its path is uploaded although others have it open to read', async () => {
  const store = await openStore(bench.remote, bench.folder);
  bench.store = store;
  const { vfs, make, open } = createBench({ remote: bench.remote, path: '' }, { store: () => store });
  await make('file', 'written');
  const reading = await open('file');
  await expect.poll(() => textsOn(bench.remote)).toEqual({ file: 'written' });
  await vfs.setAttributes(reading.node, { size: 5 });
  await expect.poll(() => textsOn(bench.remote)).toEqual({ file: 'writt' });
  await reading.close();
});

test('a file that somebody writes is not uploaded for what is done to it by its path', async () => {
  const store = await openStore(bench.remote, bench.folder);
  bench.store = store;
  const { vfs, create } = createBench({ remote: bench.remote, path: '' }, { store: () => store });
  await bench.remote.makeDir('');
  const writing = await create('file');
  await writing.write(0, Buffer.from('half'));
  await vfs.setAttributes(writing.node, { modified: 5n });
  await sleep(50);
  expect(await textsOn(bench.remote)).toEqual({});
  await writing.close();
  await expect.poll(() => textsOn(bench.remote)).toEqual({ file: 'half' });
});

test('a second mount with the same cache is refused, and gets it when the first has ended', async () => {
  bench.store = await openStore(bench.remote, bench.folder);
  await expect(openStore(bench.remote, bench.folder)).rejects.toMatchObject({
    kind: 'exists',
    message: /in use by another mount/,
  });
  const other = await openStore(bench.remote, bench.folder, { identity: 'other:' });
  await other[Symbol.asyncDispose]();
  await bench.store[Symbol.asyncDispose]();
  bench.store = await openStore(bench.remote, bench.folder);
});

test('a clean cache that is damaged is fetched again', async () => {
  const data = random(3).bytes(5 * block);
  await putFile(bench.remote, 'file', data);
  const before = await openStore(bench.remote, bench.folder);
  const content = await openContent(before, bench.remote, 'file');
  await all(content);
  await content.release();
  await before[Symbol.asyncDispose]();
  for (const [path, bytes] of filesIn(bench.folder)) {
    if (!path.endsWith('.blocks')) continue;
    bytes[2 * block] = (bytes[2 * block] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    truncateSync(path, 4 * block);
  }
  const { report, lines } = recordingReport();
  bench.store = await openStore(bench.remote, bench.folder, {}, report);
  const again = await openContent(bench.store, bench.remote, 'file');
  expect(Buffer.compare(await all(again), data)).toBe(0);
  expect(lines()).toMatch(/is damaged at byte \d+: fetched again/);
  await again.release();
});

test('what is left to upload and damaged is not uploaded, and told', async () => {
  await leaveDirty(bench, 'file', random(4).bytes(3 * block));
  for (const [path, bytes] of filesIn(bench.folder)) {
    if (!path.endsWith('.blocks')) continue;
    bytes[2 * block] = (bytes[2 * block] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }
  bench.store = await openStore(bench.remote, bench.folder);
  await expect.poll(() => bench.store?.pending().failures[0]?.message).toMatch(/is damaged at byte/);
  await expect(bench.remote.stat('file')).rejects.toMatchObject({ kind: 'not-found' });
  await bench.store.drain();
  expect(bench.store.pending().files).toBe(1);
});

/** Changes a file that nobody has read, and that others replace meanwhile. */
async function changeUnread(store: ContentStore): Promise<void> {
  await putFile(bench.remote, 'file', random(5).bytes(3 * block));
  const content = await openContent(store, bench.remote, 'file');
  await content.write(0, random(6).bytes(block));
  await putFile(bench.remote, 'file', Buffer.from('theirs'));
  await closeContent(content);
}

test('nobody waits for a file that cannot be uploaded without the user, and the next mount has it', async () => {
  for (const round of [1, 2]) {
    bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
    if (round === 1) await changeUnread(bench.store);
    await putFile(bench.remote, 'good', Buffer.from('x'));
    const good = await openContent(bench.store, bench.remote, 'good');
    await good.write(0, Buffer.from(`round ${round}`));
    await closeContent(good);
    await bench.store.drain();
    expect(bench.store.pending().failures).toMatchObject([{ path: 'file', message: /another version/ }]);
    expect(Buffer.from(await readFile(bench.remote, 'good')).toString()).toBe(`round ${round}`);
    await bench.store[Symbol.asyncDispose]();
  }
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe('theirs');
});

test('nobody waits for changes of a file that others have removed, either', async () => {
  await putFile(bench.remote, 'file', random(7).bytes(3 * block));
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  const content = await openContent(bench.store, bench.remote, 'file');
  await content.write(block, Buffer.from('changed'));
  await bench.remote.remove('file');
  await closeContent(content);
  await bench.store.drain();
  const { failures } = bench.store.pending();
  expect(failures).toMatchObject([{ message: expect.stringMatching(/it was removed from.*Write it again/) }]);
});

/** What is written arrives, and fails nonetheless, as long as `isLosing` says so. */
function losingAnswers(isLosing: () => boolean): Remote {
  return troubled(bench.remote, {
    lose(path) {
      if (isLosing()) throw networkFailure(path);
    },
  });
}

async function overwrite(store: ContentStore, text: string): Promise<void> {
  await putFile(bench.remote, 'file', Buffer.from('old'));
  const content = await openContent(store, bench.remote, 'file');
  await content.truncate(0);
  await content.write(0, Buffer.from(text));
  await closeContent(content);
}

test('an upload that failed and arrived nonetheless is no version of others', async () => {
  let failures = 2;
  bench.store = await openStore(
    losingAnswers(() => failures-- > 0),
    bench.folder,
    { writeBack: never },
  );
  await overwrite(bench.store, 'ours');
  await bench.store.drain();
  expect(failures).toBeLessThan(0);
  expect(await textsOn(bench.remote)).toEqual({ file: 'ours' });
});

test('an upload that a killed run could not note is no version of others', async () => {
  bench.store = await openStore(
    losingAnswers(() => true),
    bench.folder,
  );
  await overwrite(bench.store, 'ours');
  await expect.poll(() => bench.store?.pending().failures).toHaveLength(1);
  await bench.store[Symbol.asyncDispose]();
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  await bench.store.drain();
  expect(await textsOn(bench.remote)).toEqual({ file: 'ours' });
});

test('what others have put in the place of a file that an earlier run left to upload is kept beside it', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  await overwrite(bench.store, 'ours');
  await bench.store[Symbol.asyncDispose]();
  await putFile(bench.remote, 'file', Buffer.from('theirs'), 1_700_000_000_000_000_000n);
  const { report, lines } = recordingReport();
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never }, report);
  await bench.store.drain();
  expect(await textsOn(bench.remote)).toEqual({ file: 'ours', 'file.conflict-20231114-221320': 'theirs' });
  expect(lines()).toContain('others have changed it too: their version is kept as file.conflict-20231114-221320');
});

test('a file of others that has the name of a new one which an earlier run left to upload is kept beside it', async () => {
  await leaveDirty(bench, 'file', Buffer.from('ours'));
  await putFile(bench.remote, 'file', Buffer.from('theirs'), 1_700_000_000_000_000_000n);
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  await bench.store.drain();
  expect(await textsOn(bench.remote)).toEqual({ file: 'ours', 'file.conflict-20231114-221320': 'theirs' });
});

test('a new file that arrived although an earlier run could not note it is none of others', async () => {
  bench.store = await openStore(
    losingAnswers(() => true),
    bench.folder,
  );
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('ours'));
  await closeContent(content);
  await expect.poll(() => bench.store?.pending().failures).toHaveLength(1);
  await bench.store[Symbol.asyncDispose]();
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  await bench.store.drain();
  expect(await textsOn(bench.remote)).toEqual({ file: 'ours' });
});

test('two versions of others that are of one second are both kept', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  const second = 1_700_000_000_000_000_000n;
  for (const [ours, theirs, at] of [
    ['a', 'one', 1n],
    ['b', 'two', 2n],
    ['c', 'two', 2n],
  ] as const) {
    await overwrite(bench.store, ours);
    await putFile(bench.remote, 'file', Buffer.from(theirs), second + at);
    await bench.store.drain();
  }
  expect(await textsOn(bench.remote)).toEqual({
    file: 'c',
    'file.conflict-20231114-221320': 'one',
    'file.conflict-20231114-221320-2': 'two',
  });
});

test('a version of others is kept whatever time it tells', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  await overwrite(bench.store, 'ours');
  await putFile(bench.remote, 'file', Buffer.from('theirs'), -(10n ** 23n));
  await bench.store.drain();
  expect(Object.values(await textsOn(bench.remote)).sort()).toEqual(['ours', 'theirs']);
});

async function textsOn(remote: Remote): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const page of remote.list('')) {
    for (const { path } of page) texts[path] = Buffer.from(await readFile(remote, path)).toString();
  }
  return texts;
}

test('foreign and half-written files in the cache go, or stay out of the way', async () => {
  await leaveDirty(bench, 'file', Buffer.from('content'));
  const id = 'a'.repeat(32);
  writeFileSync(join(inside(), `${id}.clean`), 'no record');
  writeFileSync(join(inside(), `${id}.blocks`), 'no blocks');
  writeFileSync(join(inside(), `${'b'.repeat(32)}.dirty.new`), 'half');
  writeFileSync(join(inside(), 'README'), 'of somebody');
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  expect(bench.store.recovered().map(({ path }) => path)).toEqual(['file']);
  expect(readdirSync(inside()).filter((name) => name.startsWith(id) || name.endsWith('.new'))).toEqual([]);
  expect(readdirSync(inside())).toContain('README');
});

test('the cache stays within its size, and keeps what was used last', async () => {
  const limits = { size: 10 * block, age: 3_600_000, pollInterval: 20, minFree: -1 };
  bench.store = await openStore(bench.remote, bench.folder, { limits });
  for (let i = 0; i < 6; i++) {
    await putFile(bench.remote, `file-${i}`, random(i).bytes(4 * block));
    const content = await openContent(bench.store, bench.remote, `file-${i}`);
    await all(content);
    await content.release();
    await sleep(3);
  }
  const size = (): number => [...filesIn(bench.folder).values()].reduce((sum, { length }) => sum + length, 0);
  await expect.poll(size).toBeLessThanOrEqual(10 * block);
  expect(size()).toBeGreaterThan(4 * block);
});

test('what was not used for its age goes, what is not uploaded stays', async () => {
  const limits = { size: -1, age: 30, pollInterval: 20, minFree: -1 };
  bench.store = await openStore(bench.remote, bench.folder, { limits, writeBack: never });
  await putFile(bench.remote, 'clean', random(1).bytes(block));
  const clean = await openContent(bench.store, bench.remote, 'clean');
  await all(clean);
  await clean.release();
  const dirty = createContent(bench.store, 'dirty');
  await dirty.write(0, Buffer.from('dirty'));
  await closeContent(dirty);
  const ends = (): string[] =>
    [...filesIn(bench.folder).keys()].map((path) => path.slice(path.lastIndexOf('.'))).sort();
  await expect.poll(ends).toEqual(['.blocks', '.dirty']);
});

test('on a full disk the writer is told, and what was synced is read and uploaded', async () => {
  // A mount namespace of its own: nothing stays mounted whatever happens.
  const script = 'mount -t tmpfs -o size=4m none "$1" && exec "$2" "$3" "$1"';
  const words = ['sh', bench.folder, process.execPath, buildProgram('full-disk')];
  const result = await run('unshare', ['-m', 'sh', '-c', script, ...words], { env: programEnvironment });
  expect(result.stdout).toBe('the writer is told: full; what was synced is read right\nuploaded right\n');
});

test('a file of which somebody has removed the blocks is fetched again', async () => {
  const data = random(9).bytes(block);
  await putFile(bench.remote, 'file', data);
  bench.store = await openStore(bench.remote, bench.folder);
  const content = await openContent(bench.store, bench.remote, 'file');
  await all(content);
  await content.release();
  await bench.store[Symbol.asyncDispose]();
  for (const path of filesIn(bench.folder).keys()) if (path.endsWith('.blocks')) rmSync(path);

  bench.store = await openStore(bench.remote, bench.folder);
  const again = await openContent(bench.store, bench.remote, 'file');
  expect(Buffer.compare(await all(again), data)).toBe(0);
  await again.release();
});

test('a cache that cannot be used now is not left locked', async () => {
  let isAway = false;
  const remote = troubled(bench.remote, {
    fail(method, path) {
      if (method === 'stat' && isAway) throw networkFailure(path);
    },
  });
  const { folder } = bench;
  await leaveDirty({ remote, folder }, 'file', Buffer.from('content'));
  const move = { from: 'old', to: 'file', entry: await entryOf('old'), replaced: null };
  await editRecords({ remote, folder }, (record) => ({ ...record, move }));
  isAway = true;
  await expect(openStore(remote, folder)).rejects.toMatchObject({ kind: 'transient' });
  isAway = false;
  bench.store = await openStore(remote, folder, { writeBack: never });
  expect(bench.store.recovered()).toHaveLength(1);
});

async function entryOf(path: string): Promise<FileEntry> {
  await putFile(bench.remote, path, Buffer.from(path));
  return bench.remote.stat(path);
}

test('trouble with some files of the cache keeps no other from the disk at the end', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { mode: 'writes', writeBack: never });
  for (let i = 0; i < 8; i++) {
    const content = createContent(bench.store, `file-${i}`);
    await content.write(0, Buffer.from('content'));
    await content.sync();
  }
  await bench.store.drain();
  const blocks = [...filesIn(bench.folder).keys()].filter((path) => path.endsWith('.blocks'));
  expect(blocks).toHaveLength(8);
  for (const path of blocks) {
    rmSync(path);
    mkdirSync(path);
  }
  const last = createContent(bench.store, 'last');
  await last.write(0, Buffer.from('last'));
  await bench.store[Symbol.asyncDispose]();
  for (const path of blocks) rmdirSync(path);
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  expect(bench.store.recovered().map(({ path }) => path)).toEqual(['last']);
});

test('a cache folder that somebody clears while it is in use is made anew, and nothing is lost but time', async () => {
  const remote = createMemoryRemote();
  await putFile(remote, 'bucket/old', Buffer.from('old'));
  bench.store = await openStore(remote, bench.folder, { writeBack: never });
  const old = await openContent(bench.store, remote, 'bucket/old');
  await all(old);
  await closeContent(old);

  rmSync(bench.folder, { recursive: true });
  const again = await openContent(bench.store, remote, 'bucket/old');
  expect(Buffer.from(await all(again)).toString()).toBe('old');
  await closeContent(again);
  const young = createContent(bench.store, 'bucket/young');
  await young.write(0, Buffer.from('young'));
  await young.sync();
  await closeContent(young);
  await expect(openStore(remote, bench.folder)).rejects.toMatchObject({ kind: 'exists' });

  await bench.store[Symbol.asyncDispose]();
  bench.store = await openStore(remote, bench.folder, { writeBack: never });
  await bench.store.drain();
  expect(Buffer.from(await readFile(remote, 'bucket/young')).toString()).toBe('young');
});

test('a file whose upload took longer than its bytes needed to reach the disk is read from the cache afterwards', async () => {
  let reads = 0;
  const slow: Remote = {
    ...troubled(bench.remote, { without: ['open'] }),
    async write(path, source, info, call) {
      const written = await bench.remote.write(path, source, info, call);
      await sleep(100);
      return written;
    },
    read(path, range, call) {
      reads++;
      return bench.remote.read(path, range, call);
    },
  };
  bench.store = await openStore(slow, bench.folder, { settleDelay: 20 });
  const data = random(8).bytes(3 * block);
  const content = createContent(bench.store, 'file');
  await content.write(0, data);
  await closeContent(content);
  await expect.poll(() => bench.store?.pending().files).toBe(0);
  await sleep(50);
  const again = await openContent(bench.store, slow, 'file');
  expect(Buffer.compare(await all(again), data)).toBe(0);
  await again.release();
  expect(reads).toBe(0);
});
