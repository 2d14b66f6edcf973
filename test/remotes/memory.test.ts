import { expect, test } from 'vitest';
import type { OpenEnvironment } from '../../src/core/backend.ts';
import { sourceOf } from '../../src/core/bytes.ts';
import { silentReport } from '../../src/core/report.ts';
import { backend, createMemoryRemote } from '../../src/remotes/memory.ts';
import { entriesOf } from '../contract/remote/bench.ts';
import { remoteContract } from '../contract/remote.ts';

remoteContract('memory', async () => ({ location: { remote: createMemoryRemote(), path: 'bucket/folder' } }));

test('two opens of one name see the same files, another name does not', async () => {
  const [first, second, other] = await Promise.all(['mem', 'mem', 'other'].map((name) => open(name)));
  await first?.remote.write('bucket/file', sourceOf(Buffer.from('x')), {});
  expect(await second?.remote.stat('bucket/file')).toMatchObject({ size: 1 });
  await expect(other?.remote.stat('bucket/file')).rejects.toMatchObject({ kind: 'not-found' });
});

test('a bucket is made, listed while empty, and removed only when empty', async () => {
  const remote = createMemoryRemote();
  await remote.makeDir('bucket');
  expect(await entriesOf(remote.list(''))).toMatchObject([{ kind: 'folder', path: 'bucket' }]);
  await remote.write('bucket/file', sourceOf(Buffer.from('x')), {});
  await expect(remote.removeDir('bucket')).rejects.toMatchObject({ kind: 'not-empty' });
  await remote.remove('bucket/file');
  await remote.removeDir('bucket');
  await expect(entriesOf(remote.list('bucket'))).rejects.toMatchObject({ kind: 'folder-not-found' });
});

function open(name: string) {
  const unused = () => Promise.reject(new Error('memory stands on no other remote'));
  return backend.open(
    {},
    {
      name,
      location: unused,
      report: silentReport,
      environment: {},
      settings: {} as OpenEnvironment['settings'],
    },
  );
}
