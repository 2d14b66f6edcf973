import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requirePeer } from '../servers/peers.ts';
import { crypt } from '../servers/remotes.ts';
import { makeBigFile, makeSmallFiles, rclone, sealedSize } from './data.ts';
import { type Sample, type Tool, tools } from './measure.ts';
import { createMounted, type MountTool, makeGocryptfs } from './mounted.ts';
import type { Group, Row } from './row.ts';

const mebibyte = 2 ** 20;
const files = 10_000;
const copied = { count: 1000, size: 4096, folders: 10 };
const memory = 300;

const full = ['--vfs-cache-mode', 'full'];
const off = ['--vfs-cache-mode', 'off'];
// The kernel asks each time.
const unremembered = ['--attr-timeout', '0s'];
const atOnce = ['--vfs-write-back', '0s'];

type Flags = readonly string[] | ((tool: Tool) => readonly string[]);

/** A row that gocryptfs, which has no remote behind it, can do as well. */
interface MountRow extends Row {
  prepare(tool: MountTool): Promise<void>;
  run(tool: MountTool): Promise<Sample>;
}

function withMark(row: MountRow): Row {
  const run = async (): Promise<Sample> => {
    await row.prepare('gocryptfs');
    return row.run('gocryptfs');
  };
  return { ...row, beside: { name: 'gocryptfs', run } };
}

/** `coffer mount` and `rclone mount` over the same crypt remote on a folder. */
export const mounts: Group = {
  name: 'mount',
  async rows(bench) {
    requirePeer('gocryptfs');
    const size = Math.min(bench.bigSize, 512 * mebibyte);
    const mounted = {
      coffer: await bench.use(Promise.resolve(createMounted(bench, 'coffer'))),
      rclone: await bench.use(Promise.resolve(createMounted(bench, 'rclone'))),
      gocryptfs: await bench.use(Promise.resolve(createMounted(bench, 'gocryptfs'))),
    };
    const sealed = (tool: MountTool, name: string): string =>
      join(bench.folder, tool === 'gocryptfs' ? `gocryptfs-${name}` : name);
    const target = (tool: MountTool): string => `mount-target-${tool}`;
    await bench.addRemotes({
      'mount-big': crypt(sealed('rclone', 'mount-big')),
      'mount-many': crypt(sealed('rclone', 'mount-many')),
      ...Object.fromEntries(tools.map((tool) => [target(tool), crypt(sealed(tool, target(tool)))])),
    });
    const big = await makeBigFile(join(bench.folder, 'big-source'), size);
    await rclone(bench, 'copy', big, 'mount-big:');
    const many = await makeSmallFiles(join(bench.folder, 'many-source'), files, 16, 1);
    await rclone(bench, 'copy', '--transfers', '16', many, 'mount-many:');
    for (const [name, content] of Object.entries({ 'mount-big': big, 'mount-many': many })) {
      await makeGocryptfs(sealed('gocryptfs', name));
      await mounted.gocryptfs.mount(sealed('gocryptfs', name), []);
      await cp(content, mounted.gocryptfs.folder, { recursive: true });
    }
    const source = await makeSmallFiles(join(bench.folder, 'copy-source'), copied.count, copied.size, copied.folders);

    const mountOn = (tool: MountTool, name: string, flags: Flags): Promise<void> =>
      tool === 'gocryptfs'
        ? mounted.gocryptfs.mount(sealed('gocryptfs', name), [])
        : mounted[tool].mount(`${name}:`, typeof flags === 'function' ? flags(tool) : flags);
    const reading = (name: string, flags: Flags, ...warmUp: string[]) => ({
      async prepare(tool: MountTool) {
        await mountOn(tool, name, flags);
        const [work, ...args] = warmUp;
        if (work !== undefined) await mounted[tool].work(work, ...args);
      },
    });
    const writing = (...flags: string[]) => ({
      async prepare(tool: MountTool) {
        await mounted[tool][Symbol.asyncDispose]();
        const folder = sealed(tool, target(tool));
        await rm(folder, { recursive: true, force: true });
        await (tool === 'gocryptfs' ? makeGocryptfs(folder) : mkdir(folder));
        await mountOn(tool, target(tool), [...full, ...flags]);
      },
    });
    const work = (name: string, ...args: string[]) => ({
      memory,
      run: (tool: MountTool) => mounted[tool].work(name, ...args),
    });

    const rows: readonly MountRow[] = [
      {
        name: `mount: ${size / mebibyte} MiB read, cold`,
        wall: 1 / 1.5,
        ...reading('mount-big', full),
        ...work('read'),
      },
      {
        name: 'mount: read again',
        wall: 1 / 1.3,
        ...reading('mount-big', full, 'read'),
        ...work('read'),
      },
      {
        name: 'mount: 10,000 × 4 KiB at random, cached',
        wall: 1,
        ...reading('mount-big', full, 'read'),
        ...work('read_randomly', '10000'),
      },
      {
        name: 'mount: 300 × 4 KiB at random, without a cache',
        wall: 1 / 10,
        ...reading('mount-big', off),
        ...work('read_randomly', '300'),
      },
      {
        name: 'mount: 300 × 4 KiB at random, cold, beside rclone without a cache',
        wall: 1 / 10,
        ...reading('mount-big', (tool) => (tool === 'coffer' ? full : off)),
        ...work('read_randomly', '300'),
      },
      { name: 'mount: written to a closed file', wall: 1, ...writing(), ...work('write', String(size)) },
      {
        name: 'mount: written to the remote',
        wall: 1 / 1.5,
        ...writing(...atOnce),
        memory,
        run: (tool) =>
          tool === 'gocryptfs'
            ? mounted.gocryptfs.work('write', String(size))
            : mounted[tool].work(
                'write_to_the_end',
                String(size),
                sealed(tool, target(tool)),
                String(sealedSize(size)),
              ),
      },
      { name: 'mount: `ls -lR` of 10,000 files, cold', wall: 1, ...reading('mount-many', full), ...work('list_all') },
      {
        name: 'mount: `stat` of 10,000 files',
        wall: 1,
        ...reading('mount-many', [...full, ...unremembered], 'stat'),
        ...work('stat'),
      },
      { name: 'mount: 10,000 files made', wall: 1 / 1.3, ...writing(), ...work('create', String(files)) },
      { name: 'mount: 1,000 × 4 KiB copied in', wall: 1, ...writing(), ...work('copy_in', source) },
    ];
    return rows.map(withMark);
  },
};
