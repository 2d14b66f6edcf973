import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/core/bytes.ts';
import { type KeyPair, newKeyPair } from '../../../src/crypto/x25519.ts';
import { openBytes, sealBytes } from '../../../src/formats/crypt4gh/file.ts';
import { parseHeader } from '../../../src/formats/crypt4gh/header.ts';
import { readersOf, withoutRecipients, withRecipients } from '../../../src/formats/crypt4gh/recipients.ts';
import { vector, vectorKey } from './vectors.ts';

const [owner, ann, bea, csc] = [newKeyPair(), newKeyPair(), newKeyPair(), newKeyPair()];
const plain = Buffer.from('content');
const keys = (...pairs: readonly KeyPair[]) => pairs.map((pair) => pair.public);
const of = (pair: KeyPair, ...candidates: readonly KeyPair[]) => ({
  pair,
  candidates: keys(...candidates),
  path: 'file',
});
const packetsOf = (file: Uint8Array) => parseHeader(file, 'file').packets;

/** The file with another header. */
function rewritten(file: Uint8Array, header: Uint8Array | null | undefined): Uint8Array {
  return header ? concat([header, file.subarray(parseHeader(file, 'file').length)]) : file;
}

function opens(file: Uint8Array, reader: KeyPair): boolean {
  try {
    return Buffer.from(openBytes(file, reader).plain).equals(plain);
  } catch {
    return false;
  }
}

describe('who can open a file', () => {
  test('is known of those whom the owner wrote to and asks for', () => {
    const file = sealBytes(plain, keys(owner, ann, bea), owner);
    expect(readersOf(packetsOf(file), of(owner, ann, csc))).toEqual({ known: keys(owner, ann), unknown: 1 });
  });

  test('is not known of what others wrote', () => {
    const file = sealBytes(plain, keys(owner, ann), bea);
    expect(readersOf(packetsOf(file), of(owner, ann))).toEqual({ known: keys(owner), unknown: 1 });
    expect(() => readersOf(packetsOf(file), of(csc))).toThrow('not sealed to your key');
  });
});

describe('a recipient that is added', () => {
  test('opens the file as those do who could before', () => {
    const before = sealBytes(plain, keys(owner, ann));
    const file = rewritten(before, withRecipients(packetsOf(before), keys(bea, csc), of(owner)));
    for (const reader of [owner, ann, bea, csc]) expect(opens(file, reader)).toBe(true);
  });

  test('is not added again', () => {
    const before = sealBytes(plain, keys(owner));
    const file = rewritten(before, withRecipients(packetsOf(before), keys(ann), of(owner)));
    expect(withRecipients(packetsOf(file), keys(ann, owner), of(owner))).toBeNull();
    const more = rewritten(file, withRecipients(packetsOf(file), keys(ann, bea), of(owner)));
    expect(packetsOf(more)).toHaveLength(3);
  });

  test('sees what an edit list leaves', async () => {
    const alice = await vectorKey('alice', 'alice');
    const before = vector('edit-list.c4gh');
    const file = rewritten(before, withRecipients(packetsOf(before), keys(ann), of(alice)));
    expect(openBytes(file, ann).plain).toEqual(openBytes(before, alice).plain);
  });
});

describe('a recipient that is removed', () => {
  test('opens it no more, and the others that are known do', () => {
    const before = sealBytes(plain, keys(owner, ann, bea), owner);
    const narrowed = withoutRecipients(packetsOf(before), keys(ann), of(owner, bea, csc));
    const file = rewritten(before, narrowed?.header);
    expect([owner, ann, bea, csc].map((reader) => opens(file, reader))).toEqual([true, false, true, false]);
    expect(withoutRecipients(packetsOf(file), keys(ann), of(owner, bea))).toBeNull();
  });

  test('may be among those whom nobody knows: the candidates take their place', () => {
    const before = sealBytes(plain, keys(owner, ann, bea));
    const narrowed = withoutRecipients(packetsOf(before), keys(ann), of(owner, ann, bea));
    expect(narrowed?.recipients).toEqual(keys(owner, bea));
    const file = rewritten(before, narrowed?.header);
    expect([owner, ann, bea].map((reader) => opens(file, reader))).toEqual([true, false, true]);
  });

  test('can be the owner, who then cannot open it as its writer either', () => {
    const before = sealBytes(plain, keys(owner, ann), owner);
    const narrowed = withoutRecipients(packetsOf(before), keys(owner), of(owner, ann));
    const file = rewritten(before, narrowed?.header);
    expect([owner, ann].map((reader) => opens(file, reader))).toEqual([false, true]);
    expect(() => readersOf(packetsOf(file), of(owner, ann))).toThrow('not sealed to your key');
  });

  test('can be the writer of what is for others', () => {
    const before = sealBytes(plain, keys(owner), ann);
    const narrowed = withoutRecipients(packetsOf(before), keys(ann), of(owner));
    expect(openBytes(rewritten(before, narrowed?.header), owner).writer).toEqual(owner.public);
  });

  test('is not the last one', () => {
    const file = sealBytes(plain, keys(owner), owner);
    expect(() => withoutRecipients(packetsOf(file), keys(owner), of(owner))).toThrow('nobody could open it');
  });
});
