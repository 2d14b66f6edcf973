import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createHttpClient } from '../../../src/remotes/http/client.ts';
import { createS3Api, type S3Api } from '../../../src/remotes/s3/api.ts';
import { createRegions } from '../../../src/remotes/s3/regions.ts';
import { createBench, digest, entriesOf, failureOf, patterned } from '../../contract/remote/bench.ts';
import type { Section } from '../../servers/remotes.ts';
import { freshBucket, openS3, settings } from './open.ts';

const { remotes } = inject('lab');
const raw = { doing: 'prepare', path: 'a test' };

/** Requests past the remote, for what it would never do. */
function rawApi(section: Section): S3Api & AsyncDisposable {
  const http = createHttpClient(settings);
  const keys = { accessKeyId: section.access_key_id ?? '', secretAccessKey: section.secret_access_key ?? '' };
  const regions = createRegions(section.endpoint ?? '', 'us-east-1', true, silentReport);
  const credentials = async () => keys;
  const api = createS3Api({ http, regions, credentials, settings, report: silentReport });
  return { ...api, [Symbol.asyncDispose]: async () => http[Symbol.asyncDispose]() };
}

for (const name of ['swift-s3', 'ceph-s3'] as const) {
  describe(`what ${name} answers`, () => {
    const bucket = freshBucket();
    const section = remotes[name];
    const notices: string[] = [];
    let remote: Remote;
    beforeAll(async () => {
      const report = { ...silentReport, notice: (subject: string) => void notices.push(subject) };
      remote = await openS3(section, { report });
      await remote.makeDir(bucket);
    });
    afterAll(async () => {
      await remote.purge?.(bucket);
      await remote[Symbol.asyncDispose]();
    });
    const bench = () => createBench({ remote, path: bucket });
    const opened = async (options: Section, work: (other: Remote) => Promise<void>) => {
      await using other = await openS3({ ...section, ...options });
      await work(other);
    };

    test('keys that are no paths are left out of listings, one by one, and purged all the same', async () => {
      await using api = rawApi(section);
      const keys = ['../up', 'a/../b', 'a/./b', 'a//b', '/lead', 'good/one', 'marker/', 'full/'];
      for (const key of keys) {
        const body = Buffer.from(key === 'marker/' ? '' : 'x');
        await api.headers({ method: 'PUT', bucket, key: `odd/${key}`, body }, raw);
      }
      const walked = await entriesOf(remote.walk?.(`${bucket}/odd`) ?? remote.list(bucket));
      expect(walked.map(({ path, kind }) => `${kind} ${path.slice(bucket.length)}`).sort()).toEqual([
        'file /odd/good/one',
        'folder /odd/marker',
      ]);
      expect(await bench().names(`${bucket}/odd`)).toEqual(['a/', 'full/', 'good/', 'marker/']);
      expect(await bench().names(`${bucket}/odd/marker`)).toEqual([]);
      expect(notices).toContain(`${bucket}/odd/../up`);
      await remote.purge?.(`${bucket}/odd`);
      expect(await bench().names(bucket)).toEqual([]);
    });

    test.for([{}, { list_version: '2' }, { list_url_encode: 'true' }])(
      'control characters in names are listed page by page: %o',
      async (options) => {
        await opened({ ...options, list_chunk: '2' }, async (other) => {
          // As rclone writes them in paths: pictures of the characters.
          const folders = ['m/\u2402/n', 'm/o', 'm/p', 'z/1', 'z/2', 'z/3'];
          const names = ['a\u2401b', 'c\u240dd', 'e\u240af', 'g\u2409h', 'i\u2421j', 'k%01+ l', ...folders];
          for (const path of names) await other.write(`${bucket}/ctl/${path}`, sourceOf(Buffer.from(path)), {});
          const found = await entriesOf(other.walk?.(`${bucket}/ctl`) ?? other.list(bucket));
          expect(found.map(({ path }) => path.slice(`${bucket}/ctl/`.length)).sort()).toEqual([...names].sort());
          const { names: list, text } = createBench({ remote: other, path: bucket });
          expect(await list(`${bucket}/ctl`)).toEqual([...names.slice(0, -folders.length), 'm/', 'z/'].sort());
          expect(await list(`${bucket}/ctl/m`)).toEqual(['o', 'p', '\u2402/']);
          for (const path of names) expect(await text(`${bucket}/ctl/${path}`)).toBe(path);
          await other.purge?.(`${bucket}/ctl`);
          expect(await list(`${bucket}/ctl`)).toEqual([]);
        });
      },
    );

    test.for([
      ['a wrong secret', { secret_access_key: 'wrong' }],
      ['an unknown key', { access_key_id: 'nobody' }],
      ['no key at all', { access_key_id: '', secret_access_key: '' }],
    ] as const)('%s is denied, with a next step and without the secret', async ([, options]) => {
      await bench().put(`${bucket}/private`, 'x');
      await opened(options, async (other) => {
        for (const action of [
          () => entriesOf(other.list(bucket)),
          () => other.stat(`${bucket}/private`),
          () => createBench({ remote: other, path: '' }).get(`${bucket}/private`),
          () => other.write(`${bucket}/x`, sourceOf(Buffer.from('x')), {}),
          () => other.write(`${bucket}/x`, sourceOf(patterned(3_000_000)), {}),
        ]) {
          const error = await action().then(
            () => null,
            (reason: unknown) => reason,
          );
          expect(error).toMatchObject({ kind: 'denied', message: expect.stringMatching(/: check|: set/) });
          expect(String(error)).not.toContain('wrong');
        }
      });
    });

    test('a bucket that is not there is a missing folder, and is made for a write unless that is forbidden', async () => {
      const missing = freshBucket();
      expect(await failureOf(entriesOf(remote.list(missing)))).toBe('folder-not-found');
      expect(await failureOf(remote.removeDir(missing))).toBe('folder-not-found');
      expect(await failureOf(remote.stat(`${missing}/x`))).toBe('not-found');
      await opened({ no_check_bucket: 'true' }, async (other) => {
        for (const size of [1, 3_000_000]) {
          const write = other.write(`${missing}/x`, sourceOf(patterned(size)), {});
          expect(await failureOf(write)).toMatch(/^(folder-not-found|transient)$/);
        }
      });
      await Promise.all([1, 2, 3, 3_000_000].map((size) => bench().put(`${missing}/${size}`, patterned(size))));
      expect(await bench().names(missing)).toHaveLength(4);
      expect(await failureOf(remote.removeDir(missing))).toBe('not-empty');
      await remote.purge?.(missing);
      expect((await bench().list('')).map(({ path }) => path)).not.toContain(missing);
    });

    // Swift's S3 has no requests without keys.
    const anybody = name === 'ceph-s3' ? 'file' : 'denied';
    test(`a file that anybody may read is, without keys: ${anybody}`, async () => {
      const open = freshBucket();
      await opened({ acl: 'public-read', bucket_acl: 'public-read' }, async (other) => {
        await other.write(`${open}/file`, sourceOf(Buffer.from('for all')), {});
      });
      await opened({ access_key_id: '', secret_access_key: '' }, async (other) => {
        const { get, names } = createBench({ remote: other, path: open });
        if (anybody === 'denied') return void expect(await failureOf(get(`${open}/file`))).toBe('denied');
        expect(digest(await get(`${open}/file`))).toBe(digest(Buffer.from('for all')));
        expect(await names(open)).toEqual(['file']);
      });
      await remote.purge?.(open);
    });

    test('metadata of others outlast a new time, in any language', async () => {
      await using api = rawApi(section);
      const headers = { 'x-amz-meta-author': 'Jürgen 日本' };
      const told = { bucket, key: 'told' };
      await api.headers({ method: 'PUT', ...told, headers, body: Buffer.from('x') }, raw);
      const before = await api.headers({ method: 'HEAD', ...told }, raw);
      await remote.setModified?.(`${bucket}/told`, 1_500_000_000_000_000_000n);
      const after = await api.headers({ method: 'HEAD', ...told }, raw);
      // Swift's S3 shows such metadata encoded (RFC 2047).
      if (name === 'ceph-s3') expect(before).toMatchObject(headers);
      expect(after['x-amz-meta-author']).toBe(before['x-amz-meta-author']);
      expect(after['x-amz-meta-mtime']).toBe('1500000000');
    });

    test('a clock that is wrong is set right by the answer', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
      try {
        await opened({}, async (other) => {
          await other.write(`${bucket}/skewed`, sourceOf(Buffer.from('x')), {});
          expect(await other.stat(`${bucket}/skewed`)).toMatchObject({ size: 1 });
        });
      } finally {
        vi.useRealTimers();
      }
    });
  });
}
