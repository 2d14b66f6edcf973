import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { remoteContract } from '../../contract/remote.ts';
import { localFolder } from '../local/folder.ts';
import { createPeople, crypt4ghOver, keysOf } from './crypt4gh-over.ts';

const person = createPeople();

remoteContract('crypt4gh over memory', async () => {
  const remote = await crypt4ghOver(
    { remote: createMemoryRemote(), path: 'bucket/folder' },
    keysOf(await person('ada')),
  );
  return { location: { remote, path: 'here' } };
});

remoteContract('crypt4gh over whole buckets, for two, without a suffix', async () => {
  const own = { ...keysOf(await person('ben'), await person('cleo')), suffix: 'none' };
  const remote = await crypt4ghOver({ remote: createMemoryRemote(), path: '' }, own);
  return { location: { remote, path: 'bucket' } };
});

remoteContract('crypt4gh over a folder', async () => {
  const folder = localFolder();
  const remote = await crypt4ghOver({ remote: folder.remote(), path: folder.path }, keysOf(await person('dora')));
  return { location: { remote, path: 'here' }, done: async () => folder.remove() };
});
