import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { obscure } from '../../../src/config/obscure.ts';
import type { Source } from '../../../src/core/bytes.ts';
import { joinPath, relativePath } from '../../../src/core/path.ts';
import type { Location } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { createLocalRemote } from '../../../src/remotes/local/local.ts';
import { digest, patterned } from '../../contract/remote/bench.ts';
import { requirePeer } from '../../servers/peers.ts';
import { mustRun } from '../../servers/run.ts';
import { defaultSettings } from '../local/settings.ts';
import { cryptOver } from './crypt-over.ts';

requirePeer('rclone');

const variants: readonly Partial<CryptOptions>[] = [
  {},
  { password2: 'sausage' },
  { directory_name_encryption: false },
  { filename_encoding: 'base64' },
  { filename_encoding: 'base64', directory_name_encryption: false },
  { filename_encoding: 'base32768' },
  { filename_encoding: 'base32768', directory_name_encryption: false },
  { filename_encryption: 'obfuscate' },
  { filename_encryption: 'obfuscate', directory_name_encryption: false },
  { filename_encryption: 'off' },
  { no_data_encryption: true },
];

const chunk = 65_536;
const sizes = [
  0,
  1,
  15,
  16,
  17,
  chunk - 1,
  chunk,
  chunk + 1,
  2 * chunk,
  2 * chunk + 1,
  2 ** 20 - 1,
  2 ** 20,
  2 ** 20 + 1,
];
const hostileNames = [
  ' leading',
  'trailing ',
  'trailing.',
  '.hidden',
  '...',
  '~$x',
  '%2F',
  'a:b|c*d?',
  '"quoted" \'names\'',
  '-rf',
  '!',
  '!!',
  'back\\slash',
  'é composed \u00e9, decomposed e\u0301',
  '日本語 עברית',
  '😀👩‍🔬 \u{10ffff}',
  '／ full width ．',
  '\u00a0\u00ad\u0100\u017f\u07ff\u0800\ud7ff\ue000\ufffd\uffff',
  'control \u0001\t\n\u007f',
  '␁ picture',
  'file.bin',
  'file-v2001-02-03-040506-123.txt',
  '-v2001-02-03-040506-123',
  'x'.repeat(140),
];

const folder = mkdtempSync(join(tmpdir(), 'coffer-crypt-'));
const plain = join(folder, 'plain');
let modified = 1_600_000_000.5;

beforeAll(() => {
  for (const size of sizes) writeAt(`sizes/${size}`, patterned(size));
  for (const name of hostileNames) writeAt(`names/${name}`, Buffer.from(name));
  for (const name of hostileNames.filter((name) => !name.includes('-v2001'))) writeAt(`folders/${name}/file`, name);
  writeAt(Buffer.concat([Buffer.from('names/caf'), Buffer.of(0xe9, 0xff), Buffer.from('.txt')]), 'latin-1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(variants.map((own, index) => ({ own, index })))('with $own', ({ own, index }) => {
  const sealed = join(folder, `sealed-${index}`);

  test('rclone reads what coffer wrote: every name, byte and time', async () => {
    await copyTree(localPlace(plain), { remote: await cryptOver(localPlace(`${sealed}-ours`), own), path: '' });
    const read = join(folder, `read-by-rclone-${index}`);
    await rclone(own, `${sealed}-ours`, ['copy', 'secret:', read]);
    expect(await treeOf(read)).toEqual(await treeOf(plain));
  });

  test('coffer reads what rclone wrote: every name, byte and time', async () => {
    await rclone(own, `${sealed}-theirs`, ['copy', plain, 'secret:']);
    const read = join(folder, `read-by-coffer-${index}`);
    await copyTree({ remote: await cryptOver(localPlace(`${sealed}-theirs`), own), path: '' }, localPlace(read));
    expect(await treeOf(read)).toEqual(await treeOf(plain));
  });

  test('both give a file the same name', async () => {
    const namesIn = async (root: string) => (await treeOf(root)).map((line) => line.split(' ')[0]);
    const [ours, theirs] = [await namesIn(`${sealed}-ours`), await namesIn(`${sealed}-theirs`)];
    expect(ours).toEqual(theirs);
  });
});

function writeAt(path: string | Buffer, data: Uint8Array | string): void {
  const full = Buffer.concat([Buffer.from(`${plain}/`), Buffer.from(path)]);
  mkdirSync(full.subarray(0, full.lastIndexOf('/')), { recursive: true });
  writeFileSync(full, data);
  utimesSync(full, modified, modified);
  modified += 1.25;
}

/** Every file as `name size time digest`; names as the bytes that they are. */
async function treeOf(root: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (dir: Buffer) => {
    for (const entry of await readdir(dir, { withFileTypes: true, encoding: 'buffer' })) {
      const name = entry.name as unknown as Buffer;
      const path = Buffer.concat([dir, Buffer.from('/'), name]);
      if (entry.isDirectory()) await visit(path);
      else
        found.push(
          `${path.subarray(root.length).toString('latin1')} ${(await stat(path)).mtimeMs} ${digest(await readFile(path))}`,
        );
    }
  };
  await visit(Buffer.from(root));
  return found.sort();
}

async function copyTree(from: Location, to: Location, dir = from.path): Promise<void> {
  for await (const page of from.remote.list(dir)) {
    for (const entry of page) {
      if (entry.kind === 'folder') {
        await copyTree(from, to, entry.path);
        continue;
      }
      const { path, size, modified } = entry;
      const source: Source = { size, replayable: true, open: (range) => from.remote.read(path, range) };
      await to.remote.write(
        joinPath(to.path, relativePath(from.path, path)),
        source,
        modified === null ? {} : { modified },
      );
    }
  }
}

function localPlace(disk: string): Location {
  mkdirSync(disk, { recursive: true });
  return { remote: createLocalRemote(defaultSettings, silentReport), path: disk.slice(1) };
}

async function rclone(own: Partial<CryptOptions>, sealed: string, args: readonly string[]): Promise<void> {
  const options = { password: 'potato', ...own, type: 'crypt', remote: sealed };
  const lines = Object.entries(options).map(([name, value]) =>
    name.startsWith('password') ? `${name} = ${obscure(String(value))}` : `${name} = ${value}`,
  );
  const config = join(folder, 'rclone.conf');
  writeFileSync(config, `[secret]\n${lines.join('\n')}\n`);
  await mustRun('rclone', ['--config', config, ...args]);
}
