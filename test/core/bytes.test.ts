import { expect, it } from 'vitest';
import { type Bytes, collect, watched } from '../../src/core/bytes.ts';

async function* pieces(onEnd: () => void = () => {}): Bytes {
  try {
    yield Uint8Array.of(1);
    yield Uint8Array.of(2, 3);
  } finally {
    onEnd();
  }
}

it('each piece of a watched stream is shown, and given on', async () => {
  const seen: number[] = [];
  const bytes = watched(pieces(), { onPiece: ({ length }) => seen.push(length) });
  expect([...(await collect(bytes))]).toEqual([1, 2, 3]);
  expect(seen).toEqual([1, 2]);
});

it('a watched stream that is left early is closed', async () => {
  let ends = 0;
  for await (const _ of watched(
    pieces(() => ends++),
    {},
  ))
    break;
  expect(ends).toBe(1);
});

it('a failure of a watched stream is replaced, one of its reader is not', async () => {
  async function* failing(): Bytes {
    yield Uint8Array.of(1);
    throw new Error('of the stream');
  }
  const failureOf = (error: unknown) => new Error(`told as one ${(error as Error).message}`);
  await expect(collect(watched(failing(), { failureOf }))).rejects.toThrow('told as one of the stream');
  const reading = async () => {
    for await (const _ of watched(pieces(), { failureOf })) throw new Error('of the reader');
  };
  await expect(reading()).rejects.toThrow(/^of the reader$/);
});

it('what a stream gives whole is shown once, a failure of it replaced, and nothing shown where it is too long', async () => {
  const seen: number[] = [];
  const onPiece = ({ length }: Uint8Array) => seen.push(length);
  const whole = (give: () => Uint8Array | null) =>
    watched(
      { [Symbol.asyncIterator]: () => pieces()[Symbol.asyncIterator](), whole: give },
      { onPiece, failureOf: () => new Error('told') },
    );
  expect(await whole(() => Uint8Array.of(1, 2, 3)).whole?.()).toEqual(Uint8Array.of(1, 2, 3));
  expect(await whole(() => null).whole?.()).toBeNull();
  expect(seen).toEqual([3]);
  const failing = async () =>
    whole(() => {
      throw new Error('of the stream');
    }).whole?.();
  await expect(failing()).rejects.toThrow(/^told$/);
  expect(watched(pieces(), {}).whole).toBeUndefined();
});
