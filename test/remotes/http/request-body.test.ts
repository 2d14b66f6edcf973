import { expect, it } from 'vitest';
import { type Bytes, collect, concat } from '../../../src/core/bytes.ts';
import { checkedBody } from '../../../src/remotes/http/request-body.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { pieces } from '../../formats/rclone-crypt/streams.ts';

const data = patterned(300_000);
const sourceOf = (pieceLength: number) => ({
  size: data.length,
  replayable: true,
  open: () => pieces(data, [pieceLength]),
});

/** As a socket: what is large is on its way when the next piece is asked for, what is small may wait until the end. */
async function sent(body: Bytes): Promise<Uint8Array> {
  const waiting: Uint8Array[] = [];
  for await (const piece of body) waiting.push(piece.length < 65_536 ? piece : new Uint8Array(piece));
  return concat(waiting);
}

it.each([1000, 65_536, 100_000, 140_000, 300_000])(
  'a body in pieces of %i bytes goes out whole',
  async (pieceLength) => {
    const body = checkedBody({ source: sourceOf(pieceLength), length: data.length });
    expect(Buffer.compare(await sent(body), data)).toBe(0);
  },
);

it.each([1000, 300_000])(
  'the last of a body in pieces of %i bytes wait for the end of its source',
  async (pieceLength) => {
    const failing = {
      ...sourceOf(pieceLength),
      async *open() {
        yield* pieces(data, [pieceLength]);
        throw new Error('changed while it was read');
      },
    };
    let left = 0;
    const sending = async () => {
      for await (const piece of checkedBody({ source: failing, length: data.length })) left += piece.length;
    };
    await expect(sending()).rejects.toThrow('changed while it was read');
    expect(left).toBeLessThan(data.length);
  },
);

it.each([
  [299_999, 'more'],
  [300_001, 'only 300000'],
])('a body that was announced with %i bytes and has others is refused', async (length, says) => {
  await expect(collect(checkedBody({ source: sourceOf(1000), length }))).rejects.toThrow(says);
});
