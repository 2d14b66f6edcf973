import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { collect, type Source } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { blockSize } from '../../../src/vfs/cache/slots.ts';
import type { Content } from '../../../src/vfs/content.ts';
import { closeContent, createContent, eachWithCache, never, openStore } from './bench.ts';

const bench = eachWithCache();
const mebibyte = 1 << 20;

/** Uploads what `write` leaves in a new file, and looks at what is uploaded. */
async function uploading(
  write: (content: Content) => Promise<void>,
  look: (source: Source) => Promise<void>,
): Promise<void> {
  const remote: Remote = {
    ...bench.remote,
    async write(path, source, info, call) {
      await look(source);
      return bench.remote.write(path, source, info, call);
    },
  };
  bench.store = await openStore(remote, bench.folder, { writeBack: never });
  await write(createContent(bench.store, 'file'));
  await bench.store.drain();
}

// 2.5 MiB of bytes, zeros up to 3.3 MiB, and a few bytes behind them.
const tail = Buffer.from('the end');
const tailAt = Math.floor(3.3 * mebibyte);
const start = randomBytes(2.5 * mebibyte);
const whole = Buffer.concat([start, Buffer.alloc(tailAt - start.length), tail]);

async function writeWhole(content: Content): Promise<void> {
  await content.write(0, start);
  await content.write(tailAt, tail);
}

async function requireWhole(source: Source): Promise<void> {
  expect(source.size).toBe(whole.length);
  expect(Buffer.compare(await collect(source.open()), whole)).toBe(0);
  const edges = [0, 1, blockSize - 1, blockSize, mebibyte, mebibyte + 7, tailAt - 1, tailAt + 1, whole.length];
  const ranges = edges.flatMap((from) => edges.filter((to) => to >= from).map((to) => ({ start: from, end: to })));
  const parts = await Promise.all(ranges.map((range) => collect(source.open(range))));
  for (const [i, { start, end }] of ranges.entries()) {
    expect(Buffer.compare(parts[i] as Uint8Array, whole.subarray(start, end)), `${start} to ${end}`).toBe(0);
  }
}

it('what is in the cache file is uploaded, and any part of it can be read', () =>
  uploading(async (content) => {
    await writeWhole(content);
    await closeContent(content);
  }, requireWhole));

it('what is still in memory is uploaded in the place of what the cache file has', () =>
  uploading(async (content) => {
    await content.write(0, randomBytes(whole.length));
    await content.sync();
    await content.truncate(0);
    await content.write(0, randomBytes(start.length));
    await content.sync();
    await writeWhole(content);
  }, requireWhole));

it('a piece stays as it is while the next one is made', () =>
  uploading(
    async (content) => {
      await writeWhole(content);
      await closeContent(content);
    },
    async (source) => {
      let last: Uint8Array | null = null;
      let offset = 0;
      for await (const piece of source.open()) {
        if (last) expect(Buffer.compare(last, whole.subarray(offset - last.length, offset))).toBe(0);
        offset += piece.length;
        last = piece;
      }
      expect(offset).toBe(whole.length);
    },
  ));
