import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { type FaultProxy, startFaultProxy } from '../../servers/fault-proxy/proxy.ts';
import { openSwift } from './open-swift.ts';

const { remotes } = inject('lab');
const data = randomBytes(2_500_000);
const small = randomBytes(4096);
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

for (const name of ['swift-v1', 'ceph-v1'] as const) {
  describe(`a bad line to ${name}`, () => {
    const container = `faults-${name}`;
    const file = `${container}/file`;
    let proxy: FaultProxy;
    let remote: Remote;
    let chunked: Remote;

    beforeAll(async () => {
      proxy = await startFaultProxy(new URL(remotes[name].auth ?? '').origin);
      const section = { ...remotes[name], auth: `${proxy.url}/auth/v1.0` };
      const settings = { timeout: 1000 };
      remote = await openSwift(section, { settings });
      chunked = await openSwift({ ...section, chunk_size: '512Ki' }, { settings });
      await remote.makeDir(container);
    });
    afterAll(async () => {
      proxy.setRules([]);
      // A busy Swift may not delete all of them at once within a second.
      await using patient = await openSwift(remotes[name]);
      await patient.purge?.(container);
      await remote[Symbol.asyncDispose]();
      await chunked[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    });

    const put = (path: string, bytes: Uint8Array, to = remote) => to.write(path, sourceOf(bytes), { modified: 1n });
    const get = async (path = file) => digest(await collect(remote.read(path)));
    const below = async (dir: string): Promise<string[]> => {
      const found: string[] = [];
      try {
        for await (const page of remote.walk?.(dir) ?? []) found.push(...page.map((entry) => entry.path));
      } catch {
        // no such container
      }
      return found;
    };

    test('a store whose tags do not come through is looked at for what was sent', async () => {
      proxy.setRules([{ match: /^PUT .*\/file/, statusAfter: 201 }]);
      await put(file, data);
      expect(await get()).toBe(digest(data));
      await put(`${container}/tagless/file`, data, chunked);
      expect(await get(`${container}/tagless/file`)).toBe(digest(data));
      proxy.setRules([{ match: /^PUT .*\/file/, statusAfter: 201, corruptUp: 5 }]);
      await expect(put(file, data)).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
      expect(await remote.stat(file)).toMatchObject({ size: data.length });
      proxy.setRules([]);
    });

    test('a manifest that the store only says to have taken replaces nothing, and is an error', async () => {
      const path = `${container}/promised`;
      await put(path, data, chunked);
      const old = await get(path);
      proxy.setRules([{ match: /^PUT .*\/promised(\?.*)?$/, status: 201 }]);
      const same = randomBytes(data.length);
      await expect(put(path, same, chunked)).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
      await expect(put(`${path}-new`, same, chunked)).resolves.toMatchObject({ size: data.length });
      proxy.setRules([{ match: /^PUT .*\/absent-promise(\?.*)?$/, status: 201 }]);
      await expect(put(`${container}/absent-promise`, same, chunked)).rejects.toMatchObject({ kind: 'corrupt' });
      proxy.setRules([]);
      expect(await get(path)).toBe(old);
      expect(await get(`${path}-new`)).toBe(digest(same));
    });

    test.for([
      ['is reset', { resetDown: 700_000 }],
      ['is cut cleanly', { closeDown: 700_000 }],
      ['stalls', { stallDown: 700_000 }],
      ['is reset before its head', { resetDown: 0 }],
    ] as const)('a download that %s twice comes whole', async ([, fault]) => {
      await put(file, data);
      proxy.setRules([{ match: /^GET .*file/, times: 2, ...fault }]);
      expect(await get()).toBe(digest(data));
      expect(proxy.stats().faults).toHaveLength(2);
    });

    test('a range that is cut goes on inside the range', async () => {
      await put(file, data);
      proxy.setRules([{ match: /^GET .*file/, times: 2, resetDown: 100_000 }]);
      const part = await collect(remote.read(file, { start: 1000, end: 400_000 }));
      expect(digest(part)).toBe(digest(data.subarray(1000, 400_000)));
    });

    test('a download that never gets through ends in an error, with the path and the host', async () => {
      await put(file, data);
      proxy.setRules([{ match: /^GET .*file/, resetDown: 0 }]);
      await expect(get()).rejects.toMatchObject({ kind: 'transient' });
      proxy.setRules([]);
    });

    test('a file that changes between a cut and the next try is not mixed', async () => {
      await put(file, data);
      proxy.setRules([{ match: /^GET .*file/, times: 1, resetDown: 1_500_000 }]);
      const read = remote.read(file)[Symbol.asyncIterator]();
      await read.next();
      await put(file, randomBytes(data.length));
      const rest = (async () => {
        while (!(await read.next()).done);
      })();
      await expect(rest).rejects.toMatchObject({ kind: 'changed' });
    });

    test('bytes that change on the way down are found out', async () => {
      await put(file, data);
      proxy.setRules([{ match: /^GET .*file/, times: 1, corruptDown: 1_234_567 }]);
      await expect(get()).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
    });

    test('a small file is sent again after each fault', async () => {
      proxy.setRules([
        { match: /^PUT .*new/, times: 1, resetUp: 0 },
        { match: /^PUT .*new/, times: 1, status: 503 },
        { match: /^PUT .*new/, times: 1, corruptUp: 100 },
        { match: /^PUT .*new/, times: 1, statusAfter: 500 },
      ]);
      expect(await put(`${container}/new`, small)).toMatchObject({ size: small.length });
      expect(proxy.stats().faults).toHaveLength(4);
      expect(await get(`${container}/new`)).toBe(digest(small));
    });

    test('a removal whose answer is lost is done, and one of nothing is not', async () => {
      await put(`${container}/removed`, small);
      proxy.setRules([{ match: /^DELETE .*removed/, times: 1, statusAfter: 503 }]);
      await remote.remove(`${container}/removed`);
      expect(proxy.stats().faults).toHaveLength(1);
      await expect(remote.remove(`${container}/removed`)).rejects.toMatchObject({ kind: 'not-found' });

      const empty = `${container}-empty`;
      await remote.makeDir(empty);
      proxy.setRules([{ match: /^DELETE .*-empty/, times: 1, statusAfter: 503 }]);
      await remote.removeDir?.(empty);
      expect(proxy.stats().faults).toHaveLength(1);
      await expect(remote.removeDir?.(empty)).rejects.toMatchObject({ kind: 'folder-not-found' });
    });

    test('Retry-After is obeyed', async () => {
      await put(file, small);
      proxy.setRules([{ match: /^GET/, times: 1, status: 503, headers: { 'Retry-After': '1' } }]);
      const start = performance.now();
      expect(await get()).toBe(digest(small));
      expect(performance.now() - start).toBeGreaterThan(990);
    });

    test.for([
      ['is reset', { resetUp: 1_000_000 }],
      ['stalls', { stallUp: 1_000_000 }],
    ] as const)('an upload that %s leaves the old file, and nothing new', async ([, fault]) => {
      await put(file, small);
      proxy.setRules([{ match: /^PUT/, ...fault }]);
      await expect(put(file, data)).rejects.toMatchObject({ kind: 'transient' });
      await expect(put(`${container}/absent`, data)).rejects.toMatchObject({ kind: 'transient' });
      proxy.setRules([]);
      expect(await get()).toBe(digest(small));
      await expect(remote.stat(`${container}/absent`)).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('a long upload that changes on the way is removed and can be tried again', async () => {
      proxy.setRules([{ match: /^PUT/, times: 1, corruptUp: 1_000_000 }]);
      const path = `${container}/corrupted`;
      await expect(put(path, data)).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
      await expect(remote.stat(path)).rejects.toMatchObject({ kind: 'not-found' });
      await put(path, data);
      expect(await get(path)).toBe(digest(data));
    });

    test('a segment is sent again by itself', async () => {
      const path = `${container}/segmented`;
      proxy.setRules([
        { match: /^PUT .*00000001/, times: 1, resetUp: 100_000 },
        { match: /^PUT .*00000002/, times: 1, corruptUp: 100_000 },
        { match: /^PUT .*00000003/, times: 1, stallUp: 100_000 },
      ]);
      await put(path, data, chunked);
      expect(proxy.stats().faults).toHaveLength(3);
      expect(await get(path)).toBe(digest(data));
      expect(await below(`${container}_segments/segmented`)).toHaveLength(5);
      await remote.remove(path);
      expect(await below(`${container}_segments/segmented`)).toEqual([]);
    });

    test('a manifest that cannot be stored takes the new segments with it', async () => {
      const path = `${container}/no-manifest`;
      proxy.setRules([{ match: /^PUT [^?]*no-manifest(\?multipart-manifest=put)?$/, status: 500 }]);
      await expect(put(path, data, chunked)).rejects.toMatchObject({ kind: 'transient' });
      proxy.setRules([]);
      expect(await below(`${container}_segments/no-manifest`)).toEqual([]);
    });

    test('a manifest that was stored though the store said otherwise keeps its segments', async () => {
      const path = `${container}/lost-answer`;
      await put(path, data, chunked);
      proxy.setRules([{ match: /^PUT [^?]*lost-answer(\?multipart-manifest=put)?$/, statusAfter: 500 }]);
      expect(await put(path, data, chunked)).toMatchObject({ size: data.length });
      proxy.setRules([]);
      expect(await get(path)).toBe(digest(data));
      expect(await below(`${container}_segments/lost-answer`)).toHaveLength(5);
    });

    test('tokens that were refused side by side cost one new login', async () => {
      proxy.setRules([{ match: /^PUT/, status: 401, times: 8, delay: 300 }]);
      const puts = Array.from({ length: 8 }, (_, i) =>
        remote.write(`${container}/burst-${i}`, sourceOf(small), { isNew: true }),
      );
      await Promise.all(puts);
      const logins = proxy.stats().requests.filter((line) => line.includes('/auth/'));
      expect(logins).toHaveLength(1);
    });

    test('tokens that are refused although they are new, as while Keystone is away, are asked for again', async () => {
      proxy.setRules([{ match: /^PUT/, status: 401, times: 3 }]);
      await put(file, small);
      expect(proxy.stats().faults).toHaveLength(3);
      expect(await get()).toBe(digest(small));
    });

    test('a long upload meets a refused token and is sent again', async () => {
      proxy.setRules([{ match: /^PUT/, status: 401, times: 1 }]);
      await put(file, data);
      expect(proxy.stats().requests.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
      expect(await get()).toBe(digest(data));
    });

    test('a new file costs one request where the caller knows that it is new, else two', async () => {
      proxy.setRules([]);
      await put(`${container}/first`, small);
      await remote.write(`${container}/second`, sourceOf(small), { modified: 1n, isNew: true });
      await get(`${container}/second`);
      const lines = proxy.stats().requests.map((line) => line.replace(/ .*\//, ' '));
      expect(lines).toEqual(['HEAD first', 'PUT first', 'PUT second', 'GET second']);
    });
  });
}
