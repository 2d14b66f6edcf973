import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collect, type Source, sourceOf } from '../../../src/core/bytes.ts';
import { newKeyPair } from '../../../src/crypto/x25519.ts';
import { sealBytes } from '../../../src/formats/crypt4gh/file.ts';
import { chunk } from '../../../src/formats/crypt4gh/layout.ts';
import { openSource } from '../../../src/formats/crypt4gh/opened-source.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { vector, vectorKey, vectorText } from './vectors.ts';

const reader = newKeyPair();
const plain = patterned(chunk.plain * 2 + 99);
const sealed = sealBytes(plain, [reader.public]);
const sameBytes = (a: Uint8Array, b: Uint8Array) => expect(Buffer.compare(a, b)).toBe(0);

/** A source that counts how often it is opened, and how many of its streams are still open. */
function counted(data: Uint8Array) {
  const source = sourceOf(data);
  const counts = { opened: 0, open: 0 };
  const counting: Source = {
    ...source,
    async *open(range) {
      counts.opened++;
      counts.open++;
      try {
        for await (const piece of source.open(range)) {
          for (let at = 0; at < piece.length; at += 1000) yield piece.subarray(at, at + 1000);
        }
      } finally {
        counts.open--;
      }
    },
  };
  return { counts, counting };
}

describe('an opened source', () => {
  test('is read whole in one go with its header, and has a size', async () => {
    const { counts, counting } = counted(sealed);
    await using opened = await openSource(counting, reader, { path: 'a/b' });
    expect(opened.size).toBe(plain.length);
    sameBytes(await collect(opened.open()), plain);
    expect(counts).toEqual({ opened: 1, open: 0 });
    sameBytes(await collect(opened.open()), plain);
  });

  test('gives any range, as often as it is asked', async () => {
    await using opened = await openSource(sourceOf(sealed), reader, { path: 'a/b' });
    const bounds = fc.tuple(fc.nat(plain.length), fc.nat(plain.length)).map((pair) => pair.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(bounds, async ([start = 0, end = 0]) => {
        sameBytes(await collect(opened.open({ start, end })), plain.subarray(start, end));
      }),
      { numRuns: 30 },
    );
  });

  test('keeps what the edit list keeps', async () => {
    const alice = await vectorKey('alice', 'alice');
    await using opened = await openSource(sourceOf(vector('edit-list.c4gh')), alice, { path: 'a/b' });
    const edited = `${vectorText.subarray(6, 16)}${vectorText.subarray(21, 25)}`;
    expect(opened.size).toBe(edited.length);
    expect(Buffer.from(await collect(opened.open())).toString()).toBe(edited);
  });

  test('that is given up is closed', async () => {
    const { counts, counting } = counted(sealed);
    {
      await using _ = await openSource(counting, reader, { path: 'a/b' });
      expect(counts.open).toBe(1);
    }
    expect(counts.open).toBe(0);
    await expect(openSource(counting, newKeyPair(), { path: 'a/b' })).rejects.toMatchObject({ kind: 'denied' });
    expect(counts.open).toBe(0);
  });

  test('of a length that no file has is refused before it is read', async () => {
    const cut = sourceOf(sealed.subarray(0, 124 + chunk.sealed * 2 + 28));
    await expect(openSource(cut, reader, { path: 'a/b' })).rejects.toThrow('a/b: no Crypt4GH file has 131280 bytes');
  });
});
