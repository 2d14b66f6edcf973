import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toX25519Public, toX25519Secret } from '../../../src/crypto/ed25519.ts';
import { newKeyPair } from '../../../src/crypto/x25519.ts';
import { openBytes, sealBytes } from '../../../src/formats/crypt4gh/file.ts';
import { formatSecretKey } from '../../../src/formats/crypt4gh/key-file.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { requirePeer } from '../../servers/peers.ts';

const script = join(import.meta.dirname, '../../interop/crypt4gh.py');
const folder = mkdtempSync(join(tmpdir(), 'coffer-crypt4gh-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => requirePeer('nacl'));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Runs the second implementation, which stands on libsodium. */
function peer(args: readonly string[], input: string | Uint8Array = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/python3', [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => output.push(piece));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(output)) : reject(new Error(`ended with ${code}`)),
    );
    child.stdin.end(input);
  });
}

describe('libsodium', () => {
  const [reader, other] = [newKeyPair(), newKeyPair()];

  test.for([0, 1, 65_536, 65_537, 200_000])(
    'opens the %i bytes that we sealed, and we those that it sealed',
    async (size) => {
      const plain = patterned(size);
      const ours = sealBytes(plain, [other.public, reader.public]);
      expect(Buffer.compare(await peer(['open', hex(reader.secret)], ours), plain)).toBe(0);
      const theirs = await peer(['seal', hex(other.secret), hex(reader.public), hex(other.public)], plain);
      expect(Buffer.compare(openBytes(theirs, reader).plain, plain)).toBe(0);
      expect(openBytes(theirs, other).writer).toEqual(other.public);
    },
  );

  test.for([
    ['with a passphrase', 'pass phrase ä'],
    ['without one', null],
  ] as const)('opens our secret keys %s', async ([, passphrase]) => {
    const file = join(folder, 'key');
    writeFileSync(file, await formatSecretKey(reader, passphrase, 'a comment'));
    const secret = await peer(['secret', file, passphrase ?? '']);
    expect(secret.toString().trim()).toBe(hex(reader.secret));
  });

  test('converts Ed25519 keys as we do', async () => {
    const seeds = Array.from({ length: 20 }, () => randomBytes(32));
    const lines = (await peer(['convert'], seeds.map((seed) => `${hex(seed)}\n`).join('')))
      .toString()
      .trim()
      .split('\n');
    expect(lines).toHaveLength(seeds.length);
    lines.forEach((line, i) => {
      const [ed25519 = '', secret, publicKey] = line.split(' ');
      expect(hex(toX25519Secret(seeds[i] as Uint8Array))).toBe(secret);
      expect(hex(toX25519Public(Buffer.from(ed25519, 'hex')) ?? new Uint8Array(0))).toBe(publicKey);
    });
  });
});
