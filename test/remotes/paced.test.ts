import { expect, it } from 'vitest';
import { collect, sourceOf } from '../../src/core/bytes.ts';
import { createBandwidth } from '../../src/core/pace.ts';
import { parseTimetable } from '../../src/core/timetable.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { pacedRemote } from '../../src/remotes/paced.ts';
import { remoteContract } from '../contract/remote.ts';

function limits(all: string | null, file: string | null) {
  const bandwidth = createBandwidth(
    all === null ? null : parseTimetable(all),
    file === null ? null : parseTimetable(file),
  );
  if (!bandwidth) throw new Error('a limit is given');
  return bandwidth;
}

remoteContract('a paced disk', async () => ({
  location: { remote: pacedRemote(createMemoryRemote(), limits('10G', '10G'), true), path: 'bucket/folder' },
}));

remoteContract('a paced server', async () => ({
  location: { remote: pacedRemote(createMemoryRemote(), limits(null, '10G'), false), path: 'bucket/folder' },
}));

it('of a server only the bytes of each file by itself are limited here', () => {
  const remote = createMemoryRemote();
  expect(pacedRemote(remote, limits('1M', null), false)).toBe(remote);
  expect(pacedRemote(remote, limits('1M', '1M'), false).copy).toBe(remote.copy);
  expect(pacedRemote(remote, limits('1M', null), true).copy).toBeUndefined();
});

it('a limit of each file is not shared, one of all is', async () => {
  const data = new Uint8Array(100_000);
  const timeOf = async (all: string | null, file: string | null): Promise<number> => {
    const remote = pacedRemote(createMemoryRemote(), limits(all, file), true);
    await remote.makeDir('bucket');
    const since = performance.now();
    const paths = Array.from({ length: 10 }, (_, index) => `bucket/${index}`);
    await Promise.all(paths.map((path) => remote.write(path, sourceOf(data), {})));
    await Promise.all(paths.map((path) => collect(remote.read(path))));
    return performance.now() - since;
  };
  // 100 kB of each file are written and read: 0.2 s at 1 MB/s, of all ten 2 s, less what a second of silence allows.
  expect(await timeOf(null, '976k')).toBeGreaterThan(150);
  expect(await timeOf('976k', null)).toBeGreaterThan(900);
});
