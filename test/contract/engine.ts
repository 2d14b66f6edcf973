import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/crypto/engine.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + 1);

/** What both engines compute, byte for byte. */
export function engineContract(name: string, load: () => Promise<Engine>): void {
  describe(`the ${name} engine`, () => {
    test('seals what NaCl sealed: the vector of its secretbox paper', async () => {
      const engine = await load();
      const out = new Uint8Array(16 + nacl.plain.length);
      engine.seal(out, nacl.plain, nacl.nonce, nacl.key);
      expect(out).toEqual(nacl.box);
      const plain = new Uint8Array(nacl.plain.length);
      expect(engine.open(plain, out, nacl.nonce, nacl.key)).toBe(true);
      expect(plain).toEqual(nacl.plain);
    });

    test.for([0, 1, 15, 16, 17, 63, 64, 65, 1000, 65_536])('opens the %i bytes that it sealed', async (length) => {
      const engine = await load();
      const plain = counting(length);
      const box = new Uint8Array(length + 16);
      engine.seal(box, plain, nacl.nonce, nacl.key);
      const opened = new Uint8Array(length);
      expect(engine.open(opened, box, nacl.nonce, nacl.key)).toBe(true);
      expect(opened).toEqual(plain);
    });

    test('opens a part of what it sealed, and authenticates all of it', async () => {
      const engine = await load();
      const plain = counting(200_000);
      const box = new Uint8Array(plain.length + 16);
      engine.seal(box, plain, nacl.nonce, nacl.key);
      for (const [from, to] of [
        [0, 1],
        [31, 33],
        [4096, 8192],
        [65_535, 65_537],
        [140_000, 140_000],
        [199_999, 200_000],
        [0, 200_000],
      ] as const) {
        const part = new Uint8Array(to - from);
        expect(engine.openPart(part, box, from, nacl.nonce, nacl.key)).toBe(true);
        expect(Buffer.compare(part, plain.subarray(from, to)), `from ${from}`).toBe(0);
      }
      box[150_000] = (box[150_000] ?? 0) ^ 1;
      expect(engine.openPart(new Uint8Array(1), box, 0, nacl.nonce, nacl.key)).toBe(false);
    });

    test('writes into the middle of a buffer and nowhere else', async () => {
      const engine = await load();
      const buffer = new Uint8Array(100).fill(0xee);
      engine.seal(buffer.subarray(10, 10 + 16 + 20), counting(20), nacl.nonce, nacl.key);
      expect([...buffer.subarray(0, 10), ...buffer.subarray(46)].every((byte) => byte === 0xee)).toBe(true);
      const plain = new Uint8Array(40).fill(0xee);
      expect(engine.open(plain.subarray(5, 25), buffer.subarray(10, 46), nacl.nonce, nacl.key)).toBe(true);
      expect(plain.subarray(5, 25)).toEqual(counting(20));
      expect([...plain.subarray(0, 5), ...plain.subarray(25)].every((byte) => byte === 0xee)).toBe(true);
    });

    test('does not open a box with any bit changed, another nonce or another key', async () => {
      const engine = await load();
      const box = new Uint8Array(16 + 33);
      engine.seal(box, counting(33), nacl.nonce, nacl.key);
      const out = new Uint8Array(33);
      for (let bit = 0; bit < box.length * 8; bit++) {
        const changed = box.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(engine.open(out, changed, nacl.nonce, nacl.key)).toBe(false);
      }
      expect(engine.open(out, box, counting(24), nacl.key)).toBe(false);
      expect(engine.open(out, box, nacl.nonce, counting(32))).toBe(false);
    });

    test('refuses lengths that do not fit, instead of reading past the end', async () => {
      const engine = await load();
      const { nonce, key } = nacl;
      const bytes = (length: number) => new Uint8Array(length);
      expect(() => engine.seal(bytes(10), bytes(10), nonce, key)).toThrow(/does not fit/);
      expect(() => engine.open(bytes(0), bytes(15), nonce, key)).toThrow(/does not fit/);
      expect(() => engine.open(bytes(5), bytes(20), nonce, key)).toThrow(/does not fit/);
      expect(() => engine.openPart(bytes(5), bytes(20), 0, nonce, key)).toThrow(/do not fit/);
      expect(() => engine.openPart(bytes(5), bytes(25), 5, nonce, key)).toThrow(/do not fit/);
      expect(() => engine.openPart(bytes(5), bytes(25), -1, nonce, key)).toThrow(/do not fit/);
      expect(() => engine.seal(bytes(26), bytes(10), bytes(23), key)).toThrow(/does not fit/);
      expect(() => engine.seal(bytes(26), bytes(10), nonce, bytes(31))).toThrow(/does not fit/);
    });

    test('derives the bytes that RFC 7914 gives', async () => {
      const engine = await load();
      const derived = await engine.scrypt(Buffer.from('pleaseletmein'), Buffer.from('SodiumChloride'), 64);
      expect(derived).toEqual(
        hex(
          '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
            'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
        ),
      );
    });
  });
}

/** From "Cryptography in NaCl" (Bernstein 2009), section 10. */
const nacl = {
  key: hex('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389'),
  nonce: hex('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37'),
  plain: hex(
    'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4' +
      '1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52' +
      'f0a089bc76897040e082f937763848645e0705',
  ),
  box: hex(
    'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b' +
      '4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da' +
      '99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5',
  ),
};
