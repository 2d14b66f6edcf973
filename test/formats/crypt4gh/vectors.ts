import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/crypto/x25519.ts';
import { parseSecretKey } from '../../../src/formats/crypt4gh/key-file.ts';

/** What the sealed vectors hold. */
export const vectorText = Buffer.from('named recipients open this with their own keys\n');

/** A file that the reference implementation made: test/vectors/crypt4gh. */
export function vector(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, '../../vectors/crypt4gh', name));
}

export function vectorKey(name: string, passphrase: string): Promise<KeyPair> {
  return parseSecretKey(vector(`${name}.sec`), async () => passphrase);
}
