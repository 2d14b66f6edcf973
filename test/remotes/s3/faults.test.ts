import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { onceSource, pieceSize, sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { createBench, digest, failureOf, leapDay, patterned } from '../../contract/remote/bench.ts';
import { makeCertificate } from '../../servers/certificate.ts';
import { type FaultProxy, startFaultProxy } from '../../servers/fault-proxy/proxy.ts';
import { run } from '../../servers/run.ts';
import { freshBucket, openS3 } from './open.ts';

const { remotes } = inject('lab');
const medium = patterned(2 * pieceSize + 3);
const large = patterned((11 << 20) + 7);
const parts = { upload_cutoff: '6Mi', chunk_size: '5Mi' };

for (const name of ['swift-s3', 'ceph-s3'] as const) {
  describe(`faults before ${name}`, () => {
    const bucket = freshBucket();
    let proxy: FaultProxy;
    let remote: Remote;
    beforeAll(async () => {
      proxy = await startFaultProxy(remotes[name].endpoint ?? '');
      remote = await openS3({ ...remotes[name], ...parts, endpoint: proxy.url }, { settings: { timeout: 1500 } });
      await remote.makeDir(bucket);
    });
    beforeEach(() => proxy.setRules([]));
    afterAll(async () => {
      proxy.setRules([]);
      await remote.purge?.(bucket);
      await remote[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    });
    const bench = () => createBench({ remote, path: bucket });
    const expectWhole = async (path: string, data: Uint8Array) => {
      proxy.setRules([]);
      expect(digest(await bench().get(path))).toBe(digest(data));
    };

    test.for([
      ['a reset in the body', { resetUp: 1_000_000 }],
      ['503', { status: 503 }],
      ['a lost success', { statusAfter: 503 }],
      ['a stall', { stallUp: 1_000_000 }],
      ['a changed byte', { corruptUp: 1_000_000 }],
      ['a reset before the answer', { resetDown: 0 }],
    ] as const)('an upload survives %s', async ([, fault]) => {
      proxy.setRules([{ match: /^PUT/, times: 2, ...fault }]);
      await bench().put(`${bucket}/medium`, medium);
      expect(proxy.stats().faults).toHaveLength(2);
      await expectWhole(`${bucket}/medium`, medium);
      proxy.setRules([{ match: /^PUT/, times: 1, ...fault }]);
      await bench().put(`${bucket}/large`, large);
      await expectWhole(`${bucket}/large`, large);
      proxy.setRules([{ match: /^PUT/, times: 1, ...fault }]);
      await remote.write(`${bucket}/pipe`, onceSource(sourceOf(large).open()), { modified: leapDay });
      await expectWhole(`${bucket}/pipe`, large);
    });

    test('the parts survive a lost answer to their beginning and to their completion', async () => {
      proxy.setRules([{ match: /^POST/, every: 2, times: 2, statusAfter: 503 }]);
      await bench().put(`${bucket}/completed`, large);
      proxy.setRules([{ match: /^POST .*uploadId/, times: 1, statusAfter: 500 }]);
      await bench().put(`${bucket}/completed`, large);
      expect(proxy.stats().faults).toHaveLength(1);
      await expectWhole(`${bucket}/completed`, large);
    });

    test('a download survives a cut, a reset, a stall and 503', async () => {
      await bench().put(`${bucket}/down`, medium);
      for (const fault of [{ closeDown: 700_000 }, { resetDown: 700_000 }, { stallDown: 700_000 }, { status: 503 }]) {
        proxy.setRules([{ match: /^GET/, times: 2, ...fault }]);
        expect(digest(await bench().get(`${bucket}/down`))).toBe(digest(medium));
        expect(proxy.stats().faults).toHaveLength(2);
      }
    });

    test('a listing and a removal survive 503 and a cut', async () => {
      await bench().put(`${bucket}/listed/file`, 'x');
      proxy.setRules([
        { match: /^GET/, nth: 1, closeDown: 100 },
        { match: /^GET/, nth: 1, status: 503 },
      ]);
      expect(await bench().names(`${bucket}/listed`)).toEqual(['file']);
      proxy.setRules([{ match: /^DELETE/, times: 1, statusAfter: 503 }]);
      await remote.remove(`${bucket}/listed/file`);
      expect(await bench().names(`${bucket}/listed`)).toEqual([]);
    });

    test('the removal of a bucket whose answer is lost is done, and one of nothing is not', async () => {
      const empty = freshBucket();
      await remote.makeDir(empty);
      proxy.setRules([{ match: /^DELETE/, times: 1, statusAfter: 503 }]);
      await remote.removeDir?.(empty);
      expect(proxy.stats().faults).toHaveLength(1);
      await expect(remote.removeDir?.(empty)).rejects.toMatchObject({ kind: 'folder-not-found' });
    });

    test('what never works is transient in the end, and the old file stands', async () => {
      const impatient = await openS3(
        { ...remotes[name], ...parts, endpoint: proxy.url },
        { settings: { lowLevelRetries: 2 } },
      );
      await bench().put(`${bucket}/old`, 'old');
      for (const data of [Buffer.from('new'), medium, large]) {
        proxy.setRules([{ match: /^PUT/, resetUp: 2 }]);
        const write = impatient.write(`${bucket}/old`, sourceOf(data), { modified: leapDay });
        expect(await failureOf(write)).toBe('transient');
        proxy.setRules([]);
        expect(await bench().text(`${bucket}/old`)).toBe('old');
      }
      expect(await uploadsLeft(name, bucket)).toBe('');
      await impatient[Symbol.asyncDispose]();
    });

    test('a body that is damaged on every try is not left in the store', async () => {
      const impatient = await openS3({ ...remotes[name], endpoint: proxy.url }, { settings: { lowLevelRetries: 2 } });
      proxy.setRules([{ match: /^PUT/, corruptUp: 1_000_000 }]);
      const write = impatient.write(`${bucket}/damaged`, sourceOf(medium), { modified: leapDay });
      expect(await failureOf(write)).toBe('transient');
      proxy.setRules([]);
      expect(await failureOf(remote.stat(`${bucket}/damaged`))).toBe('not-found');
      await impatient[Symbol.asyncDispose]();
    });

    test('a cancelled upload in parts, from a file or a waiting pipe, takes its parts back', async () => {
      proxy.setRules([{ match: /^PUT/, delay: 300 }]);
      const waiting = async function* () {
        yield large;
        await sleep(60_000, undefined, { ref: false });
      };
      for (const source of [sourceOf(large), onceSource(waiting())]) {
        const stop = new AbortController();
        const write = remote.write(`${bucket}/cancelled`, source, { modified: leapDay }, { signal: stop.signal });
        setTimeout(() => stop.abort(), 200);
        expect(await failureOf(write)).toBe('cancelled');
      }
      proxy.setRules([]);
      expect(await failureOf(remote.stat(`${bucket}/cancelled`))).toBe('not-found');
      expect(await uploadsLeft(name, bucket)).toBe('');
    });

    test('an upload that is cancelled while it begins is taken back too', async () => {
      proxy.setRules([{ match: /^POST/, delay: 100 }]);
      const stop = new AbortController();
      const write = remote.write(`${bucket}/begun`, sourceOf(large), { modified: leapDay }, { signal: stop.signal });
      setTimeout(() => stop.abort(), 50);
      expect(await failureOf(write)).toBe('cancelled');
      expect(await uploadsLeft(name, bucket)).toBe('');
    });

    test('parts are left behind on request, and then seen', async () => {
      const leaving = { ...remotes[name], ...parts, endpoint: proxy.url, leave_parts_on_error: 'true' };
      await using other = await openS3(leaving, { settings: { lowLevelRetries: 1 } });
      proxy.setRules([{ match: /^PUT .*partNumber=2/, status: 500 }]);
      expect(await failureOf(other.write(`${bucket}/left`, sourceOf(large), {}))).toBe('transient');
      proxy.setRules([]);
      await expect.poll(() => uploadsLeft(name, bucket), { timeout: 10_000 }).toContain('left');
    });

    test('Retry-After is obeyed', async () => {
      proxy.setRules([{ match: /^HEAD/, times: 1, status: 503, headers: { 'Retry-After': '1' } }]);
      const start = performance.now();
      await remote.stat(`${bucket}/medium`);
      expect(performance.now() - start).toBeGreaterThan(990);
    });
  });
}

test('TLS is trusted by the authority that is given, and only by it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'coffer-s3-'));
  try {
    const { cert, key, certFile } = await makeCertificate(folder);
    await using proxy = await startFaultProxy(remotes['ceph-s3'].endpoint ?? '', { tls: { cert, key } });
    const section = { ...remotes['ceph-s3'], endpoint: proxy.url };
    await using trusting = await openS3(section, { settings: { caCert: certFile } });
    const bucket = freshBucket();
    const { put, get } = createBench({ remote: trusting, path: bucket });
    for (const data of [new Uint8Array(0), patterned(5000), medium]) {
      await put(`${bucket}/file`, data);
      expect(digest(await get(`${bucket}/file`))).toBe(digest(data));
    }
    await trusting.purge?.(bucket);
    await using wary = await openS3(section);
    expect(await failureOf(wary.stat(`${bucket}/file`))).toBe('fatal');
    await using careless = await openS3(section, { settings: { insecureTls: true } });
    expect(await failureOf(careless.stat(`${bucket}/file`))).toBe('not-found');
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The uploads in parts that a bucket still holds, as rclone lists them; empty for none. */
async function uploadsLeft(name: 'swift-s3' | 'ceph-s3', bucket: string): Promise<string> {
  const { endpoint = '' } = remotes[name];
  const options = `provider=Other,endpoint="${endpoint}",access_key_id="test:tester",secret_access_key=testing`;
  const { stdout } = await run('rclone', ['backend', 'list-multipart-uploads', `:s3,${options}:${bucket}`]);
  const uploads = JSON.parse(stdout) as Record<string, unknown[]>;
  return (uploads[bucket] ?? []).map((upload) => JSON.stringify(upload)).join('\n');
}
