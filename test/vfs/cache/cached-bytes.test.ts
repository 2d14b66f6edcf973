import { expect, test } from 'vitest';
import { type BlockFile, createBlockFile } from '../../../src/vfs/cache/block-file.ts';
import { Blocks } from '../../../src/vfs/cache/blocks.ts';
import { CachedBytes } from '../../../src/vfs/cache/cached-bytes.ts';
import { openCacheFolder } from '../../../src/vfs/cache/folder.ts';
import { createMemory } from '../../../src/vfs/cache/memory.ts';
import { createSlotMap } from '../../../src/vfs/cache/slot-map.ts';
import { blockSize } from '../../../src/vfs/cache/slots.ts';
import { cacheFolder } from './bench.ts';
import { random } from './random.ts';

test('a block that is saved anew while those around it are read is read from its new place', async () => {
  await using folder = await openCacheFolder(cacheFolder(), 'here:', { key: null, isPlain: false });
  const stored = createBlockFile(folder, folder.newId(), createSlotMap([]), async () => false);
  const old = random(1).bytes(4 * blockSize);
  const young = random(2).bytes(blockSize);
  const blockOf = (data: Uint8Array, index: number) => ({
    index,
    bytes: data.subarray(index * blockSize, (index + 1) * blockSize),
  });
  await stored.write(
    [0, 1, 2, 3].map((index) => blockOf(old, index)),
    () => true,
  );
  let isSaved = false;
  const busy: BlockFile = {
    ...stored,
    async read(first, end, take) {
      const found: [index: number, bytes: Uint8Array | null][] = [];
      await stored.read(first, end, (index, bytes) => found.push([index, bytes && Uint8Array.from(bytes)]));
      const moved = isSaved ? [] : [2];
      for (const index of moved) await stored.write([{ index, bytes: young }], () => true);
      isSaved = true;
      for (const [index, bytes] of found) if (!moved.includes(index)) take(index, bytes);
    },
  };
  const blocks = new Blocks(busy, createMemory(1 << 24), {
    size: old.length,
    remoteSize: 0,
    savesFetched: () => false,
    damaged() {},
  });
  const out = new Uint8Array(old.length);
  await new CachedBytes(blocks).readThrough(0, out);
  expect(Buffer.compare(out.subarray(2 * blockSize, 3 * blockSize), young)).toBe(0);
  expect(Buffer.compare(out.subarray(3 * blockSize), old.subarray(3 * blockSize))).toBe(0);
  await stored.close();
});
