import type { Location } from '../../../src/core/remote.ts';
import type { CacheOptions } from '../../../src/vfs/cache/options.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
import { vfsContract } from '../../contract/vfs.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { localFolder } from '../../remotes/local/folder.ts';
import { cacheFolder, cryptInMemory, openStore } from './bench.ts';

// Each Vfs of the contract gets a store of its own, which has to be there when it asks.
const mostStores = 96;

function contractIn(
  mode: CacheOptions['mode'],
  name: string,
  open: () => Promise<Location>,
  { isPlain = false } = {},
): void {
  const stores: ContentStore[] = [];
  vfsContract(
    `${name} with its cache in mode ${mode}${isPlain ? ', unencrypted' : ''}`,
    async () => {
      const location = await open();
      for (let i = 0; i < mostStores; i++)
        stores.push(await openStore(location.remote, cacheFolder(), { mode, isPlain }));
      return {
        location,
        async done() {
          for (const store of stores) await store[Symbol.asyncDispose]();
        },
      };
    },
    {
      store() {
        const store = stores.pop();
        if (!store) throw new Error('the contract has more tests than there are stores: raise mostStores');
        return store;
      },
    },
  );
}

contractIn('full', 'crypt in memory', async () => ({ remote: await cryptInMemory(), path: 'here' }));
contractIn('full', 'crypt in memory', async () => ({ remote: await cryptInMemory(), path: 'here' }), { isPlain: true });
contractIn('writes', 'crypt in memory', async () => ({ remote: await cryptInMemory(), path: 'here' }));
contractIn('full', 'crypt over a folder', async () => {
  const folder = localFolder();
  return { remote: await cryptOver({ remote: folder.remote(), path: folder.path }), path: 'here' };
});
