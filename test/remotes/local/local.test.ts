import { remoteContract } from '../../contract/remote.ts';
import { localFolder } from './folder.ts';

remoteContract('a folder', async () => {
  const folder = localFolder();
  return { location: { remote: folder.remote(), path: folder.path }, done: async () => folder.remove() };
});
