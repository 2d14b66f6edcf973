import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crypt } from '../servers/remotes.ts';
import { makeBigFile, makeSmallFiles, rclone, sealedSize } from './data.ts';
import { type Tool, tools } from './measure.ts';
import { createMounted } from './mounted.ts';
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

/** `coffer mount` and `rclone mount` over the same crypt remote on a folder. */
export const mounts: Group = {
  name: 'mount',
  async rows(bench) {
    const size = Math.min(bench.bigSize, 512 * mebibyte);
    const mounted = {
      coffer: await bench.use(Promise.resolve(createMounted(bench, 'coffer'))),
      rclone: await bench.use(Promise.resolve(createMounted(bench, 'rclone'))),
    };
    const target = (tool: Tool): string => join(bench.folder, `mount-target-${tool}`);
    await bench.addRemotes({
      'mount-big': crypt(join(bench.folder, 'mount-big')),
      'mount-many': crypt(join(bench.folder, 'mount-many')),
      ...Object.fromEntries(tools.map((tool) => [`mount-target-${tool}`, crypt(target(tool))])),
    });
    const big = await makeBigFile(join(bench.folder, 'big-source'), size);
    await rclone(bench, 'copy', big, 'mount-big:');
    const many = await makeSmallFiles(join(bench.folder, 'many-source'), files, 16, 1);
    await rclone(bench, 'copy', '--transfers', '16', many, 'mount-many:');
    const source = await makeSmallFiles(join(bench.folder, 'copy-source'), copied.count, copied.size, copied.folders);

    const reading = (remote: string, flags: readonly string[], ...warmUp: string[]) => ({
      async prepare(tool: Tool) {
        await mounted[tool].mount(remote, flags);
        const [name, ...args] = warmUp;
        if (name !== undefined) await mounted[tool].work(name, ...args);
      },
    });
    const writing = (...flags: string[]) => ({
      async prepare(tool: Tool) {
        await mounted[tool][Symbol.asyncDispose]();
        await rm(target(tool), { recursive: true, force: true });
        await mkdir(target(tool));
        await mounted[tool].mount(`mount-target-${tool}:`, [...full, ...flags]);
      },
    });
    const work = (name: string, ...args: string[]) => ({
      memory,
      run: (tool: Tool) => mounted[tool].work(name, ...args),
    });

    const rows: readonly Row[] = [
      {
        name: `mount: ${size / mebibyte} MiB read, cold`,
        wall: 1 / 1.5,
        ...reading('mount-big:', full),
        ...work('read'),
      },
      {
        name: 'mount: read again',
        wall: 1 / 1.3,
        ...reading('mount-big:', full, 'read'),
        ...work('read'),
      },
      {
        name: 'mount: 10,000 × 4 KiB at random, cached',
        wall: 1,
        ...reading('mount-big:', full, 'read'),
        ...work('read_randomly', '10000'),
      },
      {
        name: 'mount: 300 × 4 KiB at random, without a cache',
        wall: 1 / 10,
        ...reading('mount-big:', off),
        ...work('read_randomly', '300'),
      },
      { name: 'mount: written to a closed file', wall: 1, ...writing(), ...work('write', String(size)) },
      {
        name: 'mount: written to the remote',
        wall: 1 / 1.5,
        ...writing(...atOnce),
        memory,
        run: (tool) => mounted[tool].work('write_to_the_end', String(size), target(tool), String(sealedSize(size))),
      },
      { name: 'mount: `ls -lR` of 10,000 files, cold', wall: 1, ...reading('mount-many:', full), ...work('list_all') },
      {
        name: 'mount: `stat` of 10,000 files',
        wall: 1,
        ...reading('mount-many:', [...full, ...unremembered], 'stat'),
        ...work('stat'),
      },
      { name: 'mount: 10,000 files made', wall: 1 / 1.3, ...writing(), ...work('create', String(files)) },
      { name: 'mount: 1,000 × 4 KiB copied in', wall: 1, ...writing(), ...work('copy_in', source) },
    ];
    return rows;
  },
};
