import { inject } from 'vitest';
import { remoteContract } from '../../contract/remote.ts';
import { freshBucket, openS3 } from './open.ts';

const { remotes } = inject('lab');

// Swift takes 10 ms for an object: it shows several pages with fewer of them.
const stores = [
  ['swift-s3', 130, { list_chunk: '50' }],
  ['swift-keystone-s3', 130, { list_chunk: '50' }],
  ['ceph-s3', 1500, {}],
  ['ceph-keystone-s3', 130, { list_chunk: '50', list_version: '2' }],
  ['ceph-s3', 10, { directory_markers: 'true' }],
  ['ceph-s3', 130, { versions: 'true', list_chunk: '50' }],
] as const;

for (const [name, manyFiles, options] of stores) {
  const open = async () => {
    const remote = await openS3({ ...remotes[name], ...options }, { settings: { lowLevelRetries: 3 } });
    const path = freshBucket();
    const done = async () => {
      await remote.purge?.(path);
      await remote[Symbol.asyncDispose]();
    };
    return { location: { remote, path }, done };
  };
  remoteContract(`${name} ${JSON.stringify(options)}`, open, { manyFiles });
}
