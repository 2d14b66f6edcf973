import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Source, sourceOf } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import type { Answer, AnswerTo } from '../http/lying-server.ts';
import { openLying } from './lying-store.ts';

const etag = `"${hash('md5', 'abc')}"`;
const object: Answer = { headers: { etag, 'content-length': '3' } };
const refusal = (status: number, code: string): Answer => ({ status, body: `<Error><Code>${code}</Code></Error>` });
const copied: Answer = { body: `<CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>` };
const begun: Answer = {
  body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
};
const large = sourceOf(new Uint8Array(6 << 20));

/** A remote of a store that answers as `answerTo` says, and what it told of errors. */
async function openRacing(answerTo: AnswerTo, provider = 'Other'): Promise<{ remote: Remote; errors: string[] }> {
  const errors: string[] = [];
  const report = { ...silentReport, error: (_: string, message: string) => void errors.push(message) };
  return { remote: await openLying(answerTo, { provider, upload_cutoff: '5Mi' }, report), errors };
}

test.for([1001, 2 << 20, 6 << 20, null])('a source of %s bytes that is gone is told as such', async (size) => {
  const { remote } = await openRacing((request) => (request.includes('?uploads') ? begun : {}));
  await using _ = remote;
  for (const kind of ['not-found', 'folder-not-found'] as const) {
    const source: Source = {
      size,
      replayable: size !== null,
      async *open() {
        yield new Uint8Array(size === null ? 5 << 20 : 1000);
        throw new Failure(kind, '/src/file: no such file');
      },
    };
    const writing = remote.write('bucket/file', source, {});
    await expect(writing).rejects.toMatchObject({ kind: 'changed', message: '/src/file: no such file' });
  }
});

test('a time is set on what another has stored since the look at it', async () => {
  let copies = 0;
  const { remote } = await openRacing((request) => {
    if (request.startsWith('HEAD')) return object;
    return copies++ === 0 ? refusal(412, 'PreconditionFailed') : copied;
  });
  await using _ = remote;
  await remote.setModified?.('bucket/file', 1n);
  expect(copies).toBe(2);
});

test('a copy whose source changes meanwhile can be tried again', async () => {
  const { remote } = await openRacing((request) =>
    request.startsWith('HEAD') ? object : refusal(412, 'PreconditionFailed'),
  );
  await using _ = remote;
  await expect(remote.copy?.('bucket/file', 'bucket/copy')).rejects.toMatchObject({ kind: 'changed', retryable: true });
});

test.for([
  ['whose bucket', 'NoSuchBucket'],
  ['that', 'NoSuchUpload'],
] as const)('an upload of parts %s others remove can be tried again, and left nothing', async ([, code]) => {
  const { remote, errors } = await openRacing((request) => {
    if (request.startsWith('POST')) return begun;
    return request.startsWith('HEAD') ? { status: 200 } : refusal(404, code);
  });
  await using _ = remote;
  await expect(remote.write('bucket/file', large, {})).rejects.toMatchObject({ kind: 'transient' });
  expect(errors).toEqual([]);
});

test('an upload that others remove before it is looked at can be tried again', async () => {
  const { remote } = await openRacing((request) => {
    if (request.startsWith('POST'))
      return request.includes('uploads') ? begun : { body: '<CompleteMultipartUploadResult/>' };
    return request.startsWith('HEAD') ? { status: 404 } : { headers: { etag: '"x"' } };
  });
  await using _ = remote;
  await expect(remote.write('bucket/file', large, {})).rejects.toMatchObject({ retryable: true });
});

test.for([3, 2 << 20])('%i bytes for a bucket that others remove again and again can be tried again', async (size) => {
  const { remote } = await openRacing((request) =>
    request === 'PUT /bucket' || request.startsWith('HEAD') ? {} : refusal(404, 'NoSuchBucket'),
  );
  await using _ = remote;
  const write = remote.write('bucket/file', sourceOf(new Uint8Array(size)), {});
  await expect(write).rejects.toMatchObject({ kind: 'transient' });
});

const partSize = (request: string): number => (request.includes('partNumber=1') ? 5 : 1) << 20;

// The one shows the MD5 of parts, the other may not.
test.for(['Ceph', 'Other'])(
  'an upload of parts in whose place others store something at once can be tried again, and says so (%s)',
  async (provider) => {
    const { remote } = await openRacing((request) => {
      if (request.startsWith('HEAD')) return object;
      if (request.startsWith('PUT'))
        return { headers: { etag: `"${hash('md5', new Uint8Array(partSize(request)))}"` } };
      return request.includes('uploads') ? begun : { body: '<CompleteMultipartUploadResult/>' };
    }, provider);
    await using _ = remote;
    await expect(remote.write('bucket/file', large, {})).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('others may have stored it'),
    });
  },
);

test('uploads that miss a bucket at the same time have it made once', async () => {
  const requests: string[] = [];
  let isMade = false;
  const { remote } = await openRacing((request) => {
    if (!request.includes('file')) requests.push(request);
    if (request === 'PUT /bucket') isMade = true;
    if (!isMade) return request.startsWith('HEAD') ? { status: 404 } : refusal(404, 'NoSuchBucket');
    return { headers: { etag } };
  });
  await using _ = remote;
  const names = Array.from({ length: 16 }, (_, index) => `bucket/file-${index}`);
  await Promise.all(names.map((name) => remote.write(name, sourceOf(Buffer.from('abc')), { isNew: true })));
  expect(requests).toEqual(['HEAD /bucket', 'PUT /bucket']);
});

test('a file that was seen just now is removed unasked', async () => {
  const requests: string[] = [];
  const { remote } = await openRacing((request) => {
    requests.push(request);
    return request.startsWith('HEAD') ? object : { status: 204 };
  });
  await using _ = remote;
  await remote.remove('bucket/seen', { isSeen: true });
  await remote.remove('bucket/other');
  expect(requests).toEqual(['DELETE /bucket/seen', 'HEAD /bucket/other', 'DELETE /bucket/other']);
});
