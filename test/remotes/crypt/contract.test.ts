import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { remoteContract } from '../../contract/remote.ts';
import { localFolder } from '../local/folder.ts';
import { cryptOver } from './crypt-over.ts';

const variants: readonly Partial<CryptOptions>[] = [
  {},
  { filename_encoding: 'base64', password2: 'sausage' },
  { filename_encoding: 'base32768', directory_name_encryption: false },
  { filename_encryption: 'obfuscate' },
  { filename_encryption: 'obfuscate', directory_name_encryption: false },
  { filename_encryption: 'off' },
  { filename_encryption: 'off', suffix: 'none', no_data_encryption: true },
];

for (const own of variants) {
  remoteContract(`crypt over memory with ${JSON.stringify(own)}`, async () => {
    const remote = await cryptOver({ remote: createMemoryRemote(), path: 'bucket/folder' }, own);
    return { location: { remote, path: 'here' } };
  });
}

remoteContract('crypt over whole buckets', async () => {
  const remote = await cryptOver({ remote: createMemoryRemote(), path: '' });
  return { location: { remote, path: 'bucket' } };
});

remoteContract('crypt over a folder', async () => {
  const folder = localFolder();
  const remote = await cryptOver({ remote: folder.remote(), path: folder.path });
  return { location: { remote, path: 'here' }, done: async () => folder.remove() };
});
