import { createServer, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import type { Report } from '../../../src/core/report.ts';
import { recordingReport } from '../../config/rclone.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { cryptOver } from '../crypt/crypt-over.ts';
import { openS3 } from '../s3/open.ts';
import { openSwift } from '../swift/open-swift.ts';
import { listen } from './listen.ts';

/** Gives the first request `answer`, and breaks the connection of each. */
function resetting(answer = ''): Server {
  let next = answer;
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(next, () => setTimeout(() => socket.resetAndDestroy(), 50));
      next = '';
    });
  });
}

const cutObject = 'HTTP/1.1 200 OK\r\ncontent-length: 900000\r\netag: "x"\r\n\r\nthe first bytes';

const stores: Readonly<Record<string, (host: string, report: Report, lowLevelRetries: number) => Promise<Remote>>> = {
  Swift: (host, report, lowLevelRetries) =>
    openSwift({ storage_url: `http://${host}/v1/a`, auth_token: 't' }, { report, settings: { lowLevelRetries } }),
  S3: (host, report, lowLevelRetries) =>
    openS3({ provider: 'Ceph', endpoint: `http://${host}` }, { report, settings: { lowLevelRetries } }),
};

describe.each(Object.entries(stores))('what a broken connection to %s leaves to be told names the file', (_, open) => {
  test.each([
    ['stat', (remote: Remote) => remote.stat('bucket/dir/file')],
    ['read', (remote: Remote) => collect(remote.read('bucket/dir/file'))],
    ['write', (remote: Remote) => remote.write('bucket/dir/file', sourceOf(Buffer.from('x')), { isNew: true })],
    ['list', (remote: Remote) => entriesOf(remote.list('bucket/dir/file'))],
  ])('of a %s', async (_name, work) => {
    const report = recordingReport();
    await using remote = await open(await listen(resetting()), report, 2);
    const failure = { kind: 'transient', message: expect.stringMatching(/bucket\/dir\/file.*: 127\.0\.0\.1:\d+: \S/) };
    await expect(work(remote)).rejects.toMatchObject(failure);
    expect(report.lines).toHaveLength(1);
    expect(report.lines[0]).toMatch(/bucket\/dir\/file.* try 1 of 2: /);
  });

  test('of a read that is cut', async () => {
    await using remote = await open(await listen(resetting(cutObject)), recordingReport(), 1);
    const failure = { kind: 'transient', message: expect.stringMatching(/bucket\/dir\/file: 127\.0\.0\.1:\d+: \S/) };
    await expect(collect(remote.read('bucket/dir/file'))).rejects.toMatchObject(failure);
  });

  test('under a crypt remote by its plain name', async () => {
    const base = await open(await listen(resetting()), recordingReport(), 1);
    await using remote = await cryptOver({ remote: base, path: 'bucket' });
    const failure = { path: 'dir/file', message: expect.stringMatching(/dir\/file: 127\.0\.0\.1:\d+: \S/) };
    await expect(remote.stat('dir/file')).rejects.toMatchObject(failure);
    await base[Symbol.asyncDispose]();
  });
});
