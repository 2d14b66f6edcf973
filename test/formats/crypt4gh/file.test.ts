import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeyPair, newKeyPair } from '../../../src/crypto/x25519.ts';
import { openBytes, sealBytes } from '../../../src/formats/crypt4gh/file.ts';
import { chunk, growth } from '../../../src/formats/crypt4gh/layout.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { vector, vectorKey, vectorText } from './vectors.ts';

const headerLength = 124;
const maker = newKeyPair();
const reader = newKeyPair();
const other = newKeyPair();

describe('a file in memory', () => {
  const sizes = [0, 1, 27, 28, 29, 65_507, 65_508, 65_509, 65_535, 65_536, 65_537, 131_072, 131_073, 200_000];

  test.for(sizes)('of %i bytes opens to what it was', (size) => {
    const plain = patterned(size);
    const sealed = sealBytes(plain, [reader.public], maker);
    expect(sealed).toHaveLength(headerLength + size + Math.ceil(size / chunk.plain) * growth);
    const opened = openBytes(sealed, reader);
    expect(Buffer.compare(opened.plain, plain)).toBe(0);
    expect(opened.writer).toEqual(maker.public);
  });

  test('opens for each recipient, and for nobody else', () => {
    const sealed = sealBytes(patterned(100), [reader.public, other.public]);
    expect(openBytes(sealed, reader).plain).toEqual(openBytes(sealed, other).plain);
    expect(() => openBytes(sealed, maker, 'a/b')).toThrow('a/b: not sealed to your key');
    expect(() => openBytes(sealed, newKeyPair())).toThrow(expect.objectContaining({ kind: 'denied' }));
  });

  test('is sealed by another one-time key each time', () => {
    const [first, second] = [1, 2].map(() => sealBytes(patterned(10), [reader.public]));
    expect(openBytes(first as Uint8Array, reader).writer).not.toEqual(openBytes(second as Uint8Array, reader).writer);
  });

  test('is refused without recipients, or with one whose key nobody can have', () => {
    expect(() => sealBytes(patterned(10), [])).toThrow('nobody could open this');
    expect(() => sealBytes(patterned(10), [reader.public, new Uint8Array(32)])).toThrow('a recipient has a public key');
  });

  test('with any byte changed does not open', () => {
    const sealed = sealBytes(patterned(40), [reader.public], maker);
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice();
      changed[i] = (changed[i] ?? 0) ^ 0x10;
      expect(() => openBytes(changed, reader, 'a/b'), `byte ${i}`).toThrow(
        expect.objectContaining({ name: 'Failure', path: 'a/b', message: expect.stringContaining('a/b') }),
      );
    }
  });

  test('cut at any length does not open, but for the ends of chunks, which the format cannot tell', () => {
    const sealed = sealBytes(patterned(chunk.plain + 20), [reader.public]);
    const near = (at: number) => Array.from({ length: 60 }, (_, i) => at - 30 + i);
    const start = Array.from({ length: headerLength + 40 }, (_, i) => i);
    const end = headerLength + chunk.sealed;
    for (const length of [...start, ...near(end), ...near(sealed.length - 31)]) {
      const cut = sealed.subarray(0, length);
      if (length === headerLength) expect(openBytes(cut, reader).plain).toHaveLength(0);
      else if (length === end) expect(openBytes(cut, reader).plain).toHaveLength(chunk.plain);
      else
        expect(() => openBytes(cut, reader), `cut at ${length}`).toThrow(expect.objectContaining({ kind: 'corrupt' }));
    }
  });

  test('that is any bytes never does more than fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const data = Buffer.concat([Buffer.from('crypt4gh\x01\0\0\0', 'latin1'), bytes]);
        expect(() => openBytes(data, reader)).toThrow(expect.objectContaining({ name: 'Failure' }));
      }),
    );
  });
});

describe('a file of the reference', () => {
  let alice: KeyPair;
  let bob: KeyPair;
  beforeAll(async () => {
    [alice, bob] = await Promise.all([vectorKey('alice', 'alice'), vectorKey('bob', 'bob')]);
  });

  test('opens with either of its recipients’ keys', () => {
    for (const key of [alice, bob]) {
      const { plain, writer } = openBytes(vector('two-recipients.c4gh'), key);
      expect(vectorText.equals(plain)).toBe(true);
      expect(writer).toEqual(alice.public);
    }
    expect(openBytes(vector('empty.c4gh'), alice).plain).toHaveLength(0);
  });

  test('opens through its edit list', () => {
    const edited = Buffer.from(openBytes(vector('edit-list.c4gh'), alice).plain).toString();
    expect(edited).toBe(`${vectorText.subarray(6, 16)}${vectorText.subarray(21, 25)}`);
    expect(Buffer.from(openBytes(vector('rearranged.c4gh'), alice).plain).toString()).toBe('recipients');
  });

  test('opens for the one that it was sealed anew to, beside the one whose packet stayed', async () => {
    for (const key of [alice, await vectorKey('scrypt', 'passphrase')]) {
      expect(vectorText.equals(openBytes(vector('reencrypted.c4gh'), key).plain)).toBe(true);
    }
    expect(() => openBytes(vector('reencrypted.c4gh'), bob)).toThrow('not sealed to your key');
  });
});
