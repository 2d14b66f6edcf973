import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Remote } from '../../../src/core/remote.ts';
import type { Content } from '../../../src/vfs/content.ts';
import { failureOf } from '../../contract/remote/bench.ts';
import { listen } from '../../remotes/http/listen.ts';
import { openS3 } from '../../remotes/s3/open.ts';
import { openSwift } from '../../remotes/swift/open-swift.ts';
import { closeContent, createContent, eachWithCache, openStore } from './bench.ts';

const bench = eachWithCache();
const settings = { lowLevelRetries: 2 };
const stores: readonly (readonly [string, (endpoint: string) => Promise<Remote>])[] = [
  [
    'S3',
    (endpoint) => openS3({ provider: 'Other', access_key_id: 'a', secret_access_key: 's', endpoint }, { settings }),
  ],
  ['Swift', (endpoint) => openSwift({ storage_url: `${endpoint}/v1/a`, auth_token: 't' }, { settings })],
];

describe.each(stores)('a new file whose upload to %s has failed', (_, open) => {
  async function fileAt(endpoint: string, path: string): Promise<Content> {
    bench.store = await openStore(await open(endpoint), bench.folder);
    const content = createContent(bench.store, path);
    await content.write(0, Buffer.from('content'));
    await closeContent(content);
    await expect.poll(() => bench.store?.pending().failures).toHaveLength(1);
    return content;
  }

  // Nobody listens there.
  const nowhere = 'http://127.0.0.1:1';

  test('is renamed without a question where the store was never reached', async () => {
    const content = await fileAt(nowhere, 'bucket/draft');
    const hold = await content.hold();
    await hold.moved('bucket/final', null);
    await expect.poll(() => bench.store?.pending().failures).toMatchObject([{ path: 'bucket/final' }]);
  });

  test('is removed without a question where the store was never reached', async () => {
    const content = await fileAt(nowhere, 'bucket/file');
    const hold = await content.hold();
    await hold.removed();
    expect(bench.store?.pending().files).toBe(0);
  });

  test('is looked for where the store may have got it', async () => {
    let isSent = false;
    const server = createServer((request, response) => {
      isSent ||= request.method === 'PUT';
      request.resume().on('end', () => (isSent ? response.destroy() : response.writeHead(404).end()));
    });
    const content = await fileAt(`http://${await listen(server)}`, 'bucket/file');
    expect(await failureOf(content.hold())).toBe('transient');
  });
});
