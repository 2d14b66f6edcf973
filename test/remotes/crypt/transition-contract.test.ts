import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { remoteContract } from '../../contract/remote.ts';
import { localFolder } from '../local/folder.ts';
import { cryptOver } from './crypt-over.ts';

const previous: Partial<CryptOptions> = { previous_password: 'old potato', previous_password2: 'old salt' };

const variants: readonly Partial<CryptOptions>[] = [
  {},
  { directory_name_encryption: false },
  { filename_encryption: 'obfuscate' },
  { filename_encryption: 'off' },
];

for (const own of variants) {
  remoteContract(
    `crypt with previous passwords over memory with ${JSON.stringify(own)}`,
    async () => {
      const remote = await cryptOver(
        { remote: createMemoryRemote(), path: 'bucket/folder' },
        { password: 'new potato', ...previous, ...own },
      );
      return { location: { remote, path: 'here' } };
    },
    { manyFiles: 100 },
  );
}

remoteContract(
  'crypt with previous passwords over a folder',
  async () => {
    const folder = localFolder();
    const remote = await cryptOver({ remote: folder.remote(), path: folder.path }, previous);
    return { location: { remote, path: 'here' }, done: async () => folder.remove() };
  },
  { manyFiles: 100 },
);
