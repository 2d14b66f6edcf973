import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Entry } from '../../../src/core/entry.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { configText } from '../../servers/remotes.ts';
import { mustRun } from '../../servers/run.ts';
import { openSwift } from './open-swift.ts';

const { remotes } = inject('lab');
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** Requests as another client would send them. */
async function account(auth: string) {
  const login = await fetch(auth, { headers: { 'X-Auth-User': 'test:tester', 'X-Auth-Key': 'testing' } });
  const token = login.headers.get('x-auth-token') ?? '';
  return async (method: string, path: string, body?: Uint8Array<ArrayBuffer> | string, headers = {}) => {
    const url = `${login.headers.get('x-storage-url')}/${path}`;
    const answer = await fetch(url, { method, headers: { 'X-Auth-Token': token, ...headers }, body: body ?? null });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer;
  };
}

for (const name of ['swift-v1', 'ceph-v1'] as const) {
  describe(`beside other clients on ${name}`, () => {
    const container = `interop-${name}`;
    let remote: Remote;
    let folder: string;
    let send: Awaited<ReturnType<typeof account>>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'coffer-interop-'));
      await writeFile(join(folder, 'rclone.conf'), configText({ lab: remotes[name] }));
      remote = await openSwift(remotes[name]);
      send = await account(remotes[name].auth ?? '');
      await remote.makeDir(container);
      await remote.makeDir(`${container}_segments`);
    });
    afterAll(async () => {
      await remote.purge?.(container);
      await remote.purge?.(`${container}_segments`);
      await remote[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    const rclone = (...args: string[]) => mustRun('rclone', ['--config', join(folder, 'rclone.conf'), ...args]);
    const put = (path: string, text: string) => remote.write(`${container}/${path}`, sourceOf(Buffer.from(text)), {});
    const list = async (dir: string, sweep = false): Promise<Entry[]> => {
      const found: Entry[] = [];
      for await (const page of (sweep && remote.walk?.(dir)) || remote.list(dir)) found.push(...page);
      return found;
    };
    const names = async (dir: string, sweep = false) =>
      (await list(dir, sweep)).map(({ kind, path }) => path.slice(dir.length + 1) + (kind === 'folder' ? '/' : ''));

    test('rclone reads our files: names, bytes, times, hashes', async () => {
      const hostile = ['plain', 'ä %41+&?#', 'sub/‛‛quote', 'sub/deep/‛／', 'ctl␁', 'full／width'];
      for (const path of hostile) {
        const bytes = Buffer.from(path);
        await remote.write(`${container}/ours/${path}`, sourceOf(bytes), { modified: 1_000_000_000_123_456_789n });
      }
      const listed = await rclone('lsf', '-R', '--files-only', '--format', 'pth', `lab:${container}/ours`);
      const lines = listed.trim().split('\n').sort();
      expect(lines).toHaveLength(hostile.length);
      for (const path of hostile) expect(lines.join('\n')).toContain(`${path};`);
      for (const path of hostile) expect(listed).toContain(md5(Buffer.from(path)));
      const times = await rclone('lsl', `lab:${container}/ours`);
      expect(times.split('2001-09-09 01:46:40.123456789')).toHaveLength(hostile.length + 1);
      await rclone('copy', `lab:${container}/ours`, join(folder, 'back'));
      // On a disk a control character is itself.
      const onDisk = hostile.filter((path) => path !== 'ctl␁');
      for (const path of onDisk) expect(await readFile(join(folder, 'back', path), 'utf8')).toBe(path);
    });

    test('we read rclone’s files: names, bytes, times, hashes', async () => {
      const paths = ['plain', 'ä %41+&?#', 'empty'];
      for (const path of paths) {
        await writeFile(join(folder, path), path === 'empty' ? '' : path);
        await utimes(join(folder, path), 1_000_000_000.125, 1_000_000_000.125);
        await rclone('copyto', join(folder, path), `lab:${container}/theirs/${path}`);
      }
      expect((await names(`${container}/theirs`)).sort()).toEqual([...paths].sort());
      for (const path of paths) {
        const text = path === 'empty' ? '' : path;
        const stat = await remote.stat(`${container}/theirs/${path}`);
        expect(stat).toMatchObject({ modified: 1_000_000_000_125_000_000n, size: Buffer.byteLength(text) });
        expect(stat.hashes?.md5).toBe(md5(Buffer.from(text)));
        expect(Buffer.from(await collect(remote.read(stat.path))).toString()).toBe(text);
      }
    });

    test('folder markers are folders, and names without a place are left out', async () => {
      const marker = { 'Content-Type': 'application/directory' };
      await send('PUT', `${container}/odd/marker`, '', marker);
      await send('PUT', `${container}/odd/slash/`, '', marker);
      // As OpenStack's web page makes one.
      await send('PUT', `${container}/odd/pseudo/`, '', { 'Content-Type': 'application/pseudo-folder' });
      await send('PUT', `${container}/odd/both`, '', marker);
      await put('odd/both/file', 'x');
      await put('odd/both.txt', 'x');
      await send('PUT', `${container}/odd//empty-part`, 'x');
      await send('PUT', `${container}/odd/file`, 'x');
      const folders = ['marker/', 'pseudo/', 'slash/'];
      expect((await names(`${container}/odd`)).sort()).toEqual(['both.txt', 'both/', 'file', ...folders]);
      const swept = await names(`${container}/odd`, true);
      expect(swept.sort()).toEqual(['both.txt', 'both/', 'both/file', 'file', ...folders]);
      await expect(remote.stat(`${container}/odd/marker`)).rejects.toMatchObject({ kind: 'is-folder' });
      await remote.purge?.(`${container}/odd`);
      expect(await names(`${container}/odd`)).toEqual([]);
    });

    /** A static large object of two segments that stand in the store already. */
    async function putStatic(path: string, segments: readonly string[]): Promise<void> {
      const lines = segments.map((segment) => ({ path: `/${segment}`, etag: md5(Buffer.from(segment)) }));
      const sized = lines.map((line, i) => ({ ...line, size_bytes: segments[i]?.length }));
      await send('PUT', `${container}/${path}?multipart-manifest=put`, JSON.stringify(sized));
    }

    test('a static large object of another client is read, listed with its size, and removed with its segments', async () => {
      for (const path of ['removed', 'replaced']) {
        const segments = [0, 1].map((i) => `${container}_segments/${path}/slo/1.5/${i}`);
        for (const segment of segments) await send('PUT', segment, segment);
        await putStatic(path, segments);
        const text = segments.join('');
        expect(Buffer.from(await collect(remote.read(`${container}/${path}`))).toString()).toBe(text);
        const entry = (await list(container)).find((found) => found.path.endsWith(path));
        expect(entry).toMatchObject({ kind: 'file', size: text.length });
        expect(await remote.hash?.(`${container}/${path}`, 'md5')).toBeNull();
      }
      await remote.remove(`${container}/removed`);
      await put('replaced', 'new');
      expect(await list(`${container}_segments`, true)).toEqual([]);
    });

    test('segments that may be another file’s stay', async () => {
      await put('files/a', `${container}/files/a`);
      await put('files/b', `${container}/files/b`);
      await putStatic('joined', [`${container}/files/a`, `${container}/files/b`]);
      await remote.remove(`${container}/joined`);
      await send('PUT', `${container}/all`, '', { 'X-Object-Manifest': `${container}/files/` });
      expect((await remote.stat(`${container}/all`)).size).toBe(2 * `${container}/files/a`.length);
      await put('all', 'x');
      await send('PUT', `${container}/part`, '', { 'X-Object-Manifest': `${container}_segments/par` });
      await remote.remove(`${container}/part`);
      expect(await names(`${container}/files`)).toEqual(['a', 'b']);
    });

    test('other metadata survives a new time', async () => {
      const bytes = randomBytes(10);
      const metadata = { 'X-Object-Meta-Color': 'green', 'Content-Type': 'text/x-test', 'X-Delete-At': '4000000000' };
      await send('PUT', `${container}/meta`, new Uint8Array(bytes), metadata);
      await remote.setModified?.(`${container}/meta`, 5n);
      const { headers } = await send('HEAD', `${container}/meta`);
      expect(headers.get('x-object-meta-color')).toBe('green');
      expect(headers.get('content-type')).toBe('text/x-test');
      expect(headers.get('x-delete-at')).toBe('4000000000');
      expect(headers.get('x-object-meta-mtime')).toBe('0.000000005');
    });
  });
}
