import { describe, expect, test } from 'vitest';
import type { Remote } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { type BenchOptions, bytesOf, createBench, toWrite } from '../contract/vfs/bench.ts';
import { cacheFolder, openStore } from './cache/bench.ts';
import { networkFailure } from './troubled.ts';

/** A store that is away from when a change of metadata stands there until `comesBack` is called, and gives each state of an
 *  object a tag of its own. */
function leavingAfterChanges() {
  const base = createMemoryRemote();
  let isAway = false;
  let states = 0;
  const leaving =
    <Given>(change: (path: string, given: Given) => Promise<void>) =>
    async (path: string, given: Given) => {
      await change(path, given);
      isAway = true;
      states++;
    };
  const remote: Remote = {
    ...base,
    async stat(path, call) {
      if (isAway) throw networkFailure(path);
      return { ...(await base.stat(path, call)), tag: String(states) };
    },
    setModified: leaving(async (path, time: bigint) => base.setModified?.(path, time)),
    setAttributes: leaving(async (path, given: Uint8Array) => base.setAttributes?.(path, given)),
  };
  const comesBack = (): void => {
    isAway = false;
  };
  return { base, remote, comesBack };
}

const stores: Readonly<Record<string, (remote: Remote) => Promise<Pick<BenchOptions, 'store'>>>> = {
  'without a cache': async () => ({}),
  'with a cache': async (remote) => {
    const store = await openStore(remote, cacheFolder());
    return { store: () => store };
  },
};

describe.each(Object.entries(stores))('a store that does not answer after a change of metadata, %s', (_, open) => {
  test('has what was set, as the program hears and sees', async () => {
    const { base, remote, comesBack } = leavingAfterChanges();
    const bench = createBench(
      { remote, path: 'bucket' },
      { ...(await open(remote)), vfs: { attributeRoom: 1000, usesModified: true } },
    );
    await bench.behind.put('file', 'content', 1_000_000_000n);
    const file = await bench.node('file');

    expect(await bench.vfs.setAttributes(file, { mode: 0o600 })).toMatchObject({ mode: 0o600, size: 7 });
    comesBack();
    await bench.vfs.setExtendedAttribute(file, 'user.colour', { value: bytesOf('red') });
    comesBack();
    const modified = 2_000_000_000n;
    expect(await bench.vfs.setAttributes(file, { modified })).toMatchObject({ mode: 0o600, modified });
    expect([...(await bench.vfs.extendedAttributes(file)).keys()]).toEqual(['user.colour']);

    comesBack();
    expect(await base.stat('bucket/file')).toMatchObject({ modified });
    const next = createBench({ remote, path: 'bucket' }, { vfs: { attributeRoom: 1000 } });
    const seen = await next.node('file');
    expect(await next.vfs.attributes(seen)).toMatchObject({ mode: 0o600, modified });
    expect([...(await next.vfs.extendedAttributes(seen)).keys()]).toEqual(['user.colour']);
  });

  test('is written to as before, with no version of others beside it', async () => {
    const { remote, comesBack } = leavingAfterChanges();
    const bench = createBench({ remote, path: 'bucket' }, { ...(await open(remote)), vfs: { attributeRoom: 1000 } });
    await bench.behind.put('file', 'content', 1_000_000_000n);
    const handle = await bench.open('file', toWrite);
    await handle.read(0, 3);
    await bench.vfs.setAttributes(handle.node, { mode: 0o600 });
    comesBack();
    expect(Buffer.from(await handle.read(0, 7)).toString()).toBe('content');
    await handle.write(0, bytesOf('C'));
    await handle.flush();
    await handle.close();
    await bench.vfs.drain();
    expect(await bench.behind.tree()).toEqual({ file: 'Content' });
  });
});
