import { inject } from 'vitest';
import { remoteContract } from '../../contract/remote.ts';
import { openSwift } from './open-swift.ts';

const { remotes } = inject('lab');

for (const name of ['swift-v1', 'swift-v3', 'ceph-v1', 'ceph-v3'] as const) {
  const open = async () => {
    const remote = await openSwift(remotes[name]);
    const container = `contract-${name}`;
    return {
      location: { remote, path: container },
      async done() {
        await remote.purge?.(container);
        await remote[Symbol.asyncDispose]();
      },
    };
  };
  // Over a page of 1,000 where it is quick; Swift spends 10 ms on a PUT, and its pages are the same after either login.
  remoteContract(name, open, { manyFiles: name === 'swift-v3' ? 20 : 1010 });
}
