import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crypt } from '../servers/remotes.ts';
import { checkFolder, makeBigFile, makeSmallFiles, rclone, sealedSize } from './data.ts';
import { type Tool, tools } from './measure.ts';
import type { Bench, Group } from './row.ts';

const small = { count: 5000, size: 4096, folders: 50 };
// A sealed file's header and one block's tag, rclone's docs on crypt.
const sealedOverhead = 32 + 16;

/** A folder of its own for each tool to fill, and a crypt remote over it. */
async function targets(bench: Bench, name: string): Promise<(tool: Tool) => string> {
  const folder = (tool: Tool): string => join(bench.folder, `${name}-${tool}`);
  await bench.addRemotes(Object.fromEntries(tools.map((tool) => [`${name}-${tool}`, crypt(folder(tool))])));
  return folder;
}

const empty = (folder: (tool: Tool) => string) => async (tool: Tool) => {
  await rm(folder(tool), { recursive: true, force: true });
};

export const bigFile: Group = {
  name: 'big',
  async rows(bench) {
    const source = await makeBigFile(join(bench.folder, 'big'), bench.bigSize);
    const sealed = await targets(bench, 'sealed');
    const opened = (tool: Tool): string => join(bench.folder, `opened-${tool}`);
    await bench.addRemotes({ 'big-sealed': crypt(join(bench.folder, 'big-sealed')) });
    await rclone(bench, 'copy', source, 'big-sealed:');
    return [
      {
        name: 'encrypt a big file into a folder',
        wall: 0.5,
        cpu: 0.35,
        prepare: empty(sealed),
        args: (tool) => ['copy', source, `sealed-${tool}:`],
        check: (tool) => checkFolder(sealed(tool), 1, sealedSize(bench.bigSize)),
      },
      {
        name: 'decrypt it',
        wall: 0.7,
        cpu: 0.7,
        prepare: empty(opened),
        args: (tool) => ['copy', 'big-sealed:', opened(tool)],
        check: (tool) => checkFolder(opened(tool), 1, bench.bigSize),
      },
      { name: 'cat it', wall: 0.8, cpu: 0.8, args: () => ['cat', 'big-sealed:big'] },
    ];
  },
};

export const smallFiles: Group = {
  name: 'small',
  async rows(bench) {
    const source = await makeSmallFiles(join(bench.folder, 'small'), small.count, small.size, small.folders);
    const bytes = small.count * small.size;
    const sealed = await targets(bench, 'small-sealed');
    const opened = (tool: Tool): string => join(bench.folder, `small-opened-${tool}`);
    await bench.addRemotes({ 'small-there': crypt(join(bench.folder, 'small-there')) });
    await rclone(bench, 'copy', source, 'small-there:');
    return [
      {
        name: '5,000 small files in',
        wall: 1,
        cpu: 1.5,
        prepare: empty(sealed),
        args: (tool) => ['copy', source, `small-sealed-${tool}:`],
        check: (tool) => checkFolder(sealed(tool), small.count, bytes + small.count * sealedOverhead),
      },
      {
        name: '5,000 small files out',
        wall: 1,
        cpu: 1.5,
        prepare: empty(opened),
        args: (tool) => ['copy', 'small-there:', opened(tool)],
        check: (tool) => checkFolder(opened(tool), small.count, bytes),
      },
      { name: '`ls` of 5,000 encrypted names in 50 folders', wall: 0.7, cpu: 1, args: () => ['ls', 'small-there:'] },
      {
        name: '`sync` with nothing to do, 5,000 files',
        wall: 0.8,
        cpu: 1,
        args: () => ['sync', source, 'small-there:'],
      },
    ];
  },
};

export const startUp: Group = {
  name: 'start',
  async rows(bench) {
    const folder = join(bench.folder, 'empty');
    await mkdir(folder);
    return [{ name: 'start-up: `ls` of an empty folder', wall: 1.6, cpu: 1.8, args: () => ['ls', folder] }];
  },
};

export const manyNames: Group = {
  name: 'names',
  async rows(bench) {
    const source = await makeSmallFiles(join(bench.folder, 'names'), 200_000, 0, 1);
    await bench.addRemotes({ names: crypt(join(bench.folder, 'names-sealed')) });
    await rclone(bench, 'copy', '--transfers', '16', source, 'names:');
    await rm(source, { recursive: true });
    return [{ name: '`ls` of 200,000 encrypted names in a folder', wall: 1, cpu: 1, args: () => ['ls', 'names:'] }];
  },
};
