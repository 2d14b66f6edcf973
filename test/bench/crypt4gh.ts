import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { formatPublicKey, formatSecretKey } from '../../src/formats/crypt4gh/key-file.ts';
import { programPath } from '../program.ts';
import { mustRun } from '../servers/run.ts';
import { checkFolder, makeBigFile } from './data.ts';
import { measure, measureCommand, type Sample, type Tool } from './measure.ts';
import type { Group, Row } from './row.ts';

const cipher = join(import.meta.dirname, 'cipher.mjs');
/** Of a file for one recipient: its header, then 28 bytes a chunk. */
const sealedSize = (size: number): number => 124 + Math.ceil(size / 65_536) * 28 + size;

/** rclone has no Crypt4GH: in its place stands the cipher alone, node:crypto's, which reads and writes nothing. Beside it,
 *  what it takes to read and to write so much. */
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

    const row = (
      name: string,
      direction: 'seal' | 'open',
      args: readonly string[],
      target: string,
      size: number,
    ): Row => ({
      name,
      wall: 2,
      cpu: 1.5,
      prepare: () => rm(target, { recursive: true, force: true }),
      run: (tool: Tool): Promise<Sample> =>
        tool === 'coffer'
          ? measure(tool, args, bench.config)
          : measureCommand([process.execPath, cipher, direction, String(bench.bigSize)], bench.config),
      check: async (tool) => {
        if (tool === 'coffer') await checkFolder(target, 1, size);
      },
      beside: {
        name: 'dd',
        run: () => measureCommand(['dd', `if=${plain}`, `of=${at('copied')}`, 'bs=1M'], bench.config),
      },
    });
    return [
      row(
        'Crypt4GH: encrypt a big file, against the cipher alone',
        'seal',
        ['encrypt', '-q', plain, '--to', `${key}.pub`, '-o', `${sealed}/`],
        sealed,
        sealedSize(bench.bigSize),
      ),
      row(
        'Crypt4GH: decrypt it, against the cipher alone',
        'open',
        ['decrypt', '-q', there, '--key', key, '-o', `${opened}/`],
        opened,
        bench.bigSize,
      ),
    ];
  },
};
