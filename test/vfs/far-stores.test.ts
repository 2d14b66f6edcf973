import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { vfsContract } from '../contract/vfs.ts';
import { localFolder } from '../remotes/local/folder.ts';
import { troubled } from './troubled.ts';

vfsContract(
  'a slow store that cannot move',
  async () => {
    const remote = troubled(createMemoryRemote(), { delay: 3, without: ['move'] });
    return { location: { remote, path: 'bucket' } };
  },
  { operations: 150 },
);

vfsContract(
  'a slow folder that cannot move or copy',
  async () => {
    const folder = localFolder();
    const remote = troubled(folder.remote(), { delay: 2, without: ['move', 'copy', 'moveDir'] });
    return { location: { remote, path: folder.path }, done: async () => folder.remove() };
  },
  { operations: 150 },
);
