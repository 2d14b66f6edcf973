import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { formatPublicKey, formatSecretKey } from '../../src/formats/crypt4gh/key-file.ts';
import { programPath } from '../program.ts';
import { mustRun } from '../servers/run.ts';
import { checkFolder, makeBigFile, makeSmallFiles } from './data.ts';
import { measure, measureCommand, type Sample, type Tool } from './measure.ts';
import type { Bench, Group, Row } from './row.ts';

const cipher = join(import.meta.dirname, 'cipher.mjs');
/** Of a file for one recipient: its header, then 28 bytes a chunk. */
const sealedSize = (size: number): number => 124 + Math.ceil(size / 65_536) * 28 + size;

const listed = { count: 5000, size: 4096, folders: 50 };

/** rclone has no Crypt4GH: in its place stands the cipher alone, node:crypto's, which reads and writes nothing, and for a
 *  listing coffer's own of the same files as they are. */
export const crypt4gh: Group = {
  name: 'crypt4gh',
  async rows(bench) {
    const plain = join(await makeBigFile(join(bench.folder, 'c4gh'), bench.bigSize), 'big');
    const at = (name: string): string => join(bench.folder, `c4gh-${name}`);
    const [key, there, sealed, opened] = [at('key'), at('there.c4gh'), at('sealed'), at('opened')];
    const pair = newKeyPair();
    await writeFile(key, await formatSecretKey(pair, null, ''), { mode: 0o400 });
    await writeFile(`${key}.pub`, formatPublicKey(pair.public));
    await mustRun(process.execPath, [programPath, 'encrypt', '-q', plain, '--to', `${key}.pub`, '-o', there]);

    const against = (direction: 'seal' | 'open', run: () => Promise<Sample>) => (tool: Tool) =>
      tool === 'coffer'
        ? run()
        : measureCommand([process.execPath, cipher, direction, String(bench.bigSize)], bench.config);
    const filter = (name: string, direction: 'seal' | 'open', args: string, source: string): Row => ({
      name,
      wall: 2,
      cpu: 1.5,
      run: against(direction, () =>
        measureCommand(
          ['sh', '-c', `exec ${process.execPath} ${programPath} crypt4gh ${args} < ${source}`],
          bench.config,
        ),
      ),
    });
    // Beside it, what it takes to read and to write so much.
    const copied = {
      name: 'dd',
      run: () => measureCommand(['dd', `if=${plain}`, `of=${at('copied')}`, 'bs=1M'], bench.config),
    };
    const files = (
      name: string,
      direction: 'seal' | 'open',
      args: readonly string[],
      target: string,
      size: number,
    ): Row => ({
      name,
      prepare: () => rm(target, { recursive: true, force: true }),
      run: against(direction, () => measure('coffer', args, bench.config)),
      check: async (tool) => {
        if (tool === 'coffer') await checkFolder(target, 1, size);
      },
      beside: copied,
    });
    return [
      filter('Crypt4GH: encrypt, a filter', 'seal', `encrypt --recipient_pk ${key}.pub`, plain),
      filter('Crypt4GH: decrypt, a filter', 'open', `decrypt --sk ${key}`, there),
      files(
        'Crypt4GH: encrypt a big file, against the cipher alone',
        'seal',
        ['encrypt', '-q', plain, '--to', `${key}.pub`, '-o', `${sealed}/`],
        sealed,
        sealedSize(bench.bigSize),
      ),
      files(
        'Crypt4GH: decrypt it, against the cipher alone',
        'open',
        ['decrypt', '-q', there, '--key', key, '-o', `${opened}/`],
        opened,
        bench.bigSize,
      ),
      await listing(bench, key),
    ];
  },
};

/** The remote against the folder under it, as a remote too: who has objects on a store has a config to read. */
async function listing(bench: Bench, key: string): Promise<Row> {
  const { count, size, folders } = listed;
  const [source, folder] = [join(bench.folder, 'c4gh-small'), join(bench.folder, 'c4gh-listed')];
  await makeSmallFiles(source, count, size, folders);
  await bench.addRemotes({
    'c4gh-listed': { type: 'crypt4gh', remote: folder, recipients: `${key}.pub`, secret_key: key },
    'c4gh-plain': { type: 'alias', remote: folder },
  });
  await measure('coffer', ['copy', source, 'c4gh-listed:'], bench.config);
  await checkFolder(folder, count, count * sealedSize(size));
  return {
    name: 'Crypt4GH: `ls` of 5,000 files, against `ls` of the same folder',
    wall: 1,
    cpu: 1,
    run: (tool) => measure('coffer', ['ls', tool === 'coffer' ? 'c4gh-listed:' : 'c4gh-plain:'], bench.config),
  };
}
