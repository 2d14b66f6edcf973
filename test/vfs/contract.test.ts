import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { vfsContract } from '../contract/vfs.ts';
import { cryptOver } from '../remotes/crypt/crypt-over.ts';
import { localFolder } from '../remotes/local/folder.ts';

vfsContract('memory', async () => ({ location: { remote: createMemoryRemote(), path: 'bucket' } }));

vfsContract('a folder', async () => {
  const folder = localFolder();
  return { location: { remote: folder.remote(), path: folder.path }, done: async () => folder.remove() };
});

vfsContract('crypt over a folder', async () => {
  const folder = localFolder();
  const remote = await cryptOver({ remote: folder.remote(), path: folder.path });
  return { location: { remote, path: 'here' }, done: async () => folder.remove() };
});
