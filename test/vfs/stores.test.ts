import { inject } from 'vitest';
import { vfsContract } from '../contract/vfs.ts';
import { cryptOver } from '../remotes/crypt/crypt-over.ts';
import { freshBucket, openS3 } from '../remotes/s3/open.ts';
import { openSwift } from '../remotes/swift/open-swift.ts';

const { remotes } = inject('lab');

vfsContract(
  'crypt over Swift',
  async () => {
    const swift = await openSwift(remotes['swift-v3']);
    const remote = await cryptOver({ remote: swift, path: 'vfs' });
    return {
      location: { remote, path: 'here' },
      async done() {
        await swift.purge?.('vfs');
        await swift[Symbol.asyncDispose]();
      },
    };
  },
  { operations: 60 },
);

vfsContract(
  'S3',
  async () => {
    const remote = await openS3(remotes['ceph-s3']);
    const path = freshBucket();
    return {
      location: { remote, path },
      async done() {
        await remote.purge?.(path);
        await remote[Symbol.asyncDispose]();
      },
    };
  },
  { operations: 100 },
);
