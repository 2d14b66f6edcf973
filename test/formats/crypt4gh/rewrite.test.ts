import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collect, concat, sourceOf } from '../../../src/core/bytes.ts';
import { newKeyPair } from '../../../src/crypto/x25519.ts';
import { keptSize, keptSpans, partsOf } from '../../../src/formats/crypt4gh/edits.ts';
import { openBytes, sealBytes } from '../../../src/formats/crypt4gh/file.ts';
import { openHeader, parseHeader, sealHeader } from '../../../src/formats/crypt4gh/header.ts';
import { chunk } from '../../../src/formats/crypt4gh/layout.ts';
import { keepChunks, rearrange, reencrypt } from '../../../src/formats/crypt4gh/rewrite.ts';
import { openRange, openStream } from '../../../src/formats/crypt4gh/stream.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { pieces } from '../rclone-crypt/streams.ts';

const [owner, colleague, site] = [newKeyPair(), newKeyPair(), newKeyPair()];
const sameBytes = (a: Uint8Array, b: Uint8Array) => expect(Buffer.compare(a, b)).toBe(0);
const path = 'a/b';

function split(sealed: Uint8Array) {
  const { packets, length } = parseHeader(sealed, path);
  return { packets, body: sealed.subarray(length) };
}

/** Seals with an edit list in the header. */
function sealEdited(plain: Uint8Array, edits: readonly number[]): Uint8Array {
  const { packets, body } = split(sealBytes(plain, [owner.public]));
  const { dataKeys } = openHeader(packets, owner, path);
  return concat([sealHeader({ dataKeys, edits }, owner, [owner.public]), body]);
}

// As the specification's algorithm goes, on bytes in memory.
function edited(plain: Uint8Array, edits: readonly number[]): Uint8Array {
  if (edits.length === 0) return plain;
  const kept: Uint8Array[] = [];
  let position = 0;
  for (let i = 0; i < edits.length; i += 2) {
    position += edits[i] ?? 0;
    const length = edits[i + 1] ?? plain.length;
    kept.push(plain.subarray(position, position + length));
    position += length;
  }
  return concat(kept);
}

const size = chunk.plain * 4 + 1234;
const plain = patterned(size);
const someEdits = fc.array(fc.oneof(fc.nat(300), fc.nat(150_000), fc.constantFrom(0, chunk.plain)), { maxLength: 7 });
const someRange = fc
  .tuple(fc.nat(size + 10), fc.option(fc.nat(size + 10), { nil: undefined }))
  .map(([a, b]) => (b === undefined ? { start: a } : { start: Math.min(a, b), end: Math.max(a, b) }));

describe('an edit list', () => {
  test('keeps what the specification says, whole and in any range', async () => {
    await fc.assert(
      fc.asyncProperty(someEdits, someRange, async (edits, range) => {
        const sealed = sealEdited(plain, edits);
        const whole = edited(plain, edits);
        sameBytes(openBytes(sealed, owner).plain, whole);
        sameBytes(await collect(openStream(pieces(sealed, [10_000, 70_000]), owner, { path })), whole);
        const expected = whole.subarray(range.start, range.end);
        sameBytes(await collect(openStream(pieces(sealed, [99_999]), owner, { path, range })), expected);
        const { packets, length } = parseHeader(sealed, path);
        const header = { ...openHeader(packets, owner, path), length };
        sameBytes(await collect(openRange(sourceOf(sealed), header, range, { path })), expected);
        expect(keptSize(keptSpans(edits), size)).toBe(whole.length);
      }),
      { numRuns: 60 },
    );
  });

  test('of the specification’s own example gives its three parts', () => {
    const spans = keptSpans([0, 7853, 71_721, 307_929, 51_299, 38]);
    expect(spans).toEqual([
      { start: 0, end: 7853 },
      { start: 79_574, end: 387_503 },
      { start: 438_802, end: 438_840 },
    ]);
    expect(partsOf(spans, { start: 7850, end: 7860 })).toEqual([
      { start: 7850, end: 7853 },
      { start: 79_574, end: 79_581 },
    ]);
  });

  test('far apart is read in a request each, close together in one', async () => {
    const asked: number[] = [];
    const sealed = sealEdited(patterned(40 * chunk.plain), [0, 10, 100, 10, 30 * chunk.plain, 10]);
    const { packets, length } = parseHeader(sealed, path);
    const source = sourceOf(sealed);
    const open = (range = { start: 0 }) => {
      asked.push(range.start);
      return source.open(range);
    };
    const header = { ...openHeader(packets, owner, path), length };
    expect(await collect(openRange({ ...source, open }, header, { start: 0 }, { path }))).toHaveLength(30);
    expect(asked).toEqual([length, length + 30 * chunk.sealed]);
  });
});

describe('a header that is sealed anew', () => {
  const sealed = sealBytes(plain, [owner.public, site.public]);

  test('opens for the new recipients and those of before, not for its owner', () => {
    const { packets, body } = split(sealed);
    const header = reencrypt(packets, { owner, recipients: [colleague.public], path });
    for (const key of [colleague, site]) sameBytes(openBytes(concat([header, body]), key).plain, plain);
    expect(() => openBytes(concat([header, body]), owner)).toThrow('not sealed to your key');
  });

  test('and trimmed opens for the new recipients only', () => {
    const { packets, body } = split(sealed);
    const header = reencrypt(packets, { owner, recipients: [colleague.public, owner.public], path }, true);
    for (const key of [colleague, owner]) sameBytes(openBytes(concat([header, body]), key).plain, plain);
    expect(() => openBytes(concat([header, body]), site)).toThrow('not sealed to your key');
  });

  test('keeps the edit list', () => {
    const { packets, body } = split(sealEdited(plain, [5, 10]));
    const header = reencrypt(packets, { owner, recipients: [colleague.public], path });
    sameBytes(openBytes(concat([header, body]), colleague).plain, plain.subarray(5, 15));
  });

  test('is refused for who cannot open it, and for nobody', () => {
    const { packets } = split(sealed);
    expect(() => reencrypt(packets, { owner: colleague, recipients: [site.public], path })).toThrow('not sealed to');
    expect(() => reencrypt(packets, { owner, recipients: [], path })).toThrow('nobody could open this');
  });
});

describe('a rearranged file', () => {
  const recipients = [colleague.public];

  test('holds any range of the old one, and no chunk more than that needs', async () => {
    await fc.assert(
      fc.asyncProperty(someEdits, someRange, async (edits, range) => {
        const expected = edited(plain, edits).subarray(range.start, range.end);
        const { packets, body } = split(sealEdited(plain, edits));
        fc.pre(partsOf(keptSpans(edits), range).length > 0);
        const { header, chunks } = rearrange(packets, range, { owner, recipients, path });
        const newBody = await collect(keepChunks(pieces(body, [100_000, 3]), chunks));
        sameBytes(openBytes(concat([header, newBody]), colleague).plain, expected);
        for (const { start, end } of chunks) expect(end).toBeGreaterThan(start);
        const needed = new Set<number>();
        for (const { start, end } of partsOf(keptSpans(edits), range)) {
          const last = Math.ceil(Math.min(end, size) / chunk.plain);
          for (let index = Math.floor(start / chunk.plain); index < last; index++) needed.add(index);
        }
        expect(Math.ceil(newBody.length / chunk.sealed)).toBe(needed.size);
      }),
      { numRuns: 80 },
    );
  });

  test('has the edit list that the reference makes', () => {
    const { packets } = split(sealBytes(plain, [owner.public]));
    const { header, chunks } = rearrange(packets, { start: 65_542, end: 65_552 }, { owner, recipients, path });
    expect(chunks).toEqual([{ start: 1, end: 2 }]);
    expect(openHeader(parseHeader(header, path).packets, colleague, path).edits).toEqual([6, 10]);
    const open = rearrange(packets, { start: 70_000 }, { owner, recipients, path });
    expect(openHeader(parseHeader(open.header, path).packets, colleague, path).edits).toEqual([4464]);
  });

  test('of nothing is refused', () => {
    const { packets } = split(sealBytes(plain, [owner.public]));
    expect(() => rearrange(packets, { start: 5, end: 5 }, { owner, recipients, path })).toThrow(
      'an empty range is left',
    );
  });
});
