import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startCeph } from '../servers/ceph.ts';
import { crypt, type Section, s3, swiftV1 } from '../servers/remotes.ts';
import { startSwift } from '../servers/swift.ts';
import { checkFolder, makeBigFile, makeSmallFiles, rclone } from './data.ts';
import type { Tool } from './measure.ts';
import type { Bench, Group, Row } from './row.ts';

const small = { count: 1000, size: 4096, folders: 10 };
// both sides cut the big file into as many pieces
const segments = { chunk_size: '64Mi' };
const parts = { chunk_size: '16Mi', upload_concurrency: '4' };
const flags = ['--transfers', '16', '--checkers', '16'];

export const swift: Group = {
  name: 'swift',
  async rows(bench) {
    const { access } = await bench.use(startSwift());
    return storeRows(bench, 'Swift', { ...swiftV1(access), ...segments });
  },
};

export const cephSwift: Group = {
  name: 'ceph-swift',
  async rows(bench) {
    const { access } = await bench.use(startCeph());
    return storeRows(bench, "Ceph's Swift", { ...swiftV1(access), ...segments });
  },
};

export const cephS3: Group = {
  name: 's3',
  async rows(bench) {
    const { access } = await bench.use(startCeph());
    return storeRows(bench, "Ceph's S3", { ...s3('Ceph', access.s3), ...parts });
  },
};

async function storeRows(bench: Bench, title: string, store: Section): Promise<readonly Row[]> {
  const name = title.toLowerCase().replaceAll(/\W+/g, '-');
  await bench.addRemotes({ [name]: store });
  const data = {
    big: await makeBigFile(join(bench.folder, 'store-big'), bench.bigSize),
    small: await makeSmallFiles(join(bench.folder, 'store-small'), small.count, small.size, small.folders),
  };
  const files = { big: 1, small: small.count };
  const bytes = { big: bench.bigSize, small: small.count * small.size };
  const titles = { big: 'a big file', small: '1,000 × 4 KiB' };
  const rows: Row[] = [];
  for (const kind of ['big', 'small'] as const) {
    const bucket = (tool: Tool): string => `bench-${kind}-${tool}`;
    const there = `${name}-${kind}`;
    const back = (tool: Tool): string => join(bench.folder, `${there}-${tool}`);
    await bench.addRemotes({
      [`${there}-coffer`]: crypt(`${name}:${bucket('coffer')}`),
      [`${there}-rclone`]: crypt(`${name}:${bucket('rclone')}`),
      [there]: crypt(`${name}:bench-${kind}`),
    });
    await rclone(bench, 'copy', data[kind], `${there}:`);
    rows.push({
      name: `${titles[kind]} to ${title}`,
      wall: 1,
      cpu: 1,
      async prepare(tool) {
        await rclone(bench, 'mkdir', `${name}:${bucket(tool)}`);
        await rclone(bench, 'delete', `${name}:${bucket(tool)}`);
      },
      args: (tool) => ['copy', ...flags, data[kind], `${there}-${tool}:`],
      async check(tool) {
        await rclone(bench, 'cryptcheck', data[kind], `${there}-${tool}:`);
      },
    });
    rows.push({
      name: `${titles[kind]} from ${title}`,
      wall: 1,
      cpu: 1,
      prepare: (tool) => rm(back(tool), { recursive: true, force: true }),
      args: (tool) => ['copy', ...flags, `${there}:`, back(tool)],
      check: (tool) => checkFolder(back(tool), files[kind], bytes[kind]),
    });
  }
  return rows;
}
