import { inject } from 'vitest';
import type { Location } from '../../../src/core/remote.ts';
import { remoteContract } from '../../contract/remote.ts';
import { freshBucket, openS3 } from '../s3/open.ts';
import { openSwift } from '../swift/open-swift.ts';
import { createPeople, crypt4ghOver, keysOf } from './crypt4gh-over.ts';

const { remotes } = inject('lab');
const person = createPeople();

const bases = {
  'ceph-v1': () => openSwift(remotes['ceph-v1']),
  'ceph-s3': () => openS3(remotes['ceph-s3']),
};

for (const [name, openBase] of Object.entries(bases)) {
  remoteContract(
    `crypt4gh over ${name}`,
    async () => {
      const store = await openBase();
      const base: Location = { remote: store, path: `${freshBucket()}/folder` };
      const remote = await crypt4ghOver(base, keysOf(await person(name), await person(`${name}-csc`)));
      return {
        location: { remote, path: 'here' },
        async done() {
          await store.purge?.(base.path.split('/')[0] ?? '');
          await store[Symbol.asyncDispose]();
        },
      };
    },
    { manyFiles: 20 },
  );
}
