import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import { compress, decompress } from '../../src/packing/zstd.ts';

const { signal } = new AbortController();

describe('the zstd program', () => {
  it('gets any number of pieces without a warning from node', async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    try {
      await collect(compress(pieces(40), signal));
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
    }
  });

  it('reads a piece before its memory is used again', async () => {
    const plain = await collect(pieces(8));
    expect(Buffer.compare(plain, await collect(decompress(compress(pieces(8), signal), signal, 'x')))).toBe(0);
  });

  it('ends the stream that feeds it when nobody reads on', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield randomBytes(1 << 20);
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of compress(endless(), signal)) break;
    expect(isClosed).toBe(true);
  });
});

/** Pieces of 1 MiB in two buffers, each used again as soon as the contract of `Bytes` allows that. */
async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)];
  for (let i = 0; i < count; i++) {
    const buffer = buffers[i % 2] as Buffer;
    for (let at = 0; at < buffer.length; at++) buffer[at] = (at * 7 + (at >> 8) * 31 + i * 131) & 0xff;
    yield buffer;
  }
}
