import { type FileHandle, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Random } from './random-program.ts';

const blockSize = 4096;
const blocks = 24;
const fileCount = 3;

/** Of one block: a write that was fsynced must be found, later ones may be. */
interface Block {
  synced: number;
  written: number;
}

interface KnownFile {
  /** Both while a rename runs. */
  names: readonly string[];
  isSynced: boolean;
  blocks: Block[];
}

/** Writes, fsyncs and renames files until its folder goes away, and knows what must be there afterwards. */
export interface CrashProgram {
  /** Rejects with what the first failing call said. Counts the fsyncs that came back. */
  run(folder: string): Promise<never>;
  /** What was fsynced is in `folder`. The program goes on from there. */
  check(folder: string): Promise<void>;
  readonly syncs: number;
}

export function createCrashProgram(random: Random): CrashProgram {
  const files: KnownFile[] = Array.from({ length: fileCount }, (_, index) => ({
    names: [`file-${index}`],
    isSynced: false,
    blocks: [],
  }));
  let version = 0;
  let syncs = 0;
  let renames = 0;

  async function writeSome(handle: FileHandle, file: KnownFile): Promise<void> {
    const index = random(Math.min(blocks, file.blocks.length + 1));
    const block = file.blocks[index] ?? { synced: 0, written: 0 };
    file.blocks[index] = block;
    block.written = ++version;
    const bytes = Buffer.alloc(blockSize);
    for (let at = 0; at < blockSize; at += 4) bytes.writeUInt32LE(version, at);
    await handle.write(bytes, 0, blockSize, index * blockSize);
  }

  async function sync(handle: FileHandle, file: KnownFile): Promise<void> {
    await handle.sync();
    syncs++;
    file.isSynced = true;
    for (const block of file.blocks) block.synced = block.written;
  }

  async function move(folder: string, file: KnownFile): Promise<void> {
    const [from = ''] = file.names;
    const to = `${from.split('.')[0]}.${++renames}`;
    file.names = [from, to];
    await rename(join(folder, from), join(folder, to));
    file.names = [to];
  }

  async function session(folder: string, file: KnownFile): Promise<void> {
    const [name = ''] = file.names;
    const handle = await open(join(folder, name), file.isSynced ? 'r+' : 'a+').then(async (made) => {
      if (file.isSynced) return made;
      await made.close();
      return open(join(folder, name), 'r+');
    });
    try {
      for (let i = random(12); i >= 0; i--) {
        await writeSome(handle, file);
        if (random(3) === 0) await sync(handle, file);
        if (random(12) === 0 && file.isSynced) await move(folder, file);
      }
    } finally {
      await handle.close();
    }
  }

  function checkBlocks(file: KnownFile, name: string, found: Buffer): void {
    expect(found.length, `${name} ends with a block`).toBe(Math.ceil(found.length / blockSize) * blockSize);
    for (const [index, block] of file.blocks.entries()) {
      const start = index * blockSize;
      const isThere = found.length >= start + blockSize;
      const seen = isThere ? found.readUInt32LE(start) : 0;
      const story = `block ${index} of ${name}: version ${seen} where ${block.synced} was fsynced and ${block.written} written`;
      expect(seen >= block.synced && seen <= block.written, story).toBe(true);
      const bytes = found.subarray(start, start + (isThere ? blockSize : 0));
      for (let at = 0; at < bytes.length; at += 4) expect(bytes.readUInt32LE(at), `${story}, torn`).toBe(seen);
      block.synced = seen;
      block.written = seen;
    }
    file.blocks.length = found.length / blockSize;
  }

  return {
    get syncs() {
      return syncs;
    },
    async run(folder) {
      for (;;) {
        const file = files[random(files.length)];
        if (file) await session(folder, file);
      }
    },
    async check(folder) {
      const there = new Set(await readdir(folder));
      for (const file of files) {
        const [last, ...others] = file.names.filter((name) => there.has(name)).reverse();
        if (last === undefined) {
          expect(file.isSynced, `${file.names.join(' or ')} was fsynced and is gone`).toBe(false);
          file.blocks = [];
          continue;
        }
        for (const other of others) await unlink(join(folder, other));
        file.names = [last];
        file.isSynced = true;
        checkBlocks(file, last, await readFile(join(folder, last)));
      }
    },
  };
}
