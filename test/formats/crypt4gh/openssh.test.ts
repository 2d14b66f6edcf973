import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePublicKey, parseSecretKey, parseStoredKey } from '../../../src/formats/crypt4gh/key-file.ts';
import { formatPem, parsePem } from '../../../src/formats/crypt4gh/pem.ts';
import { requirePeer } from '../../servers/peers.ts';
import { mustRun } from '../../servers/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-openssh-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const says = (passphrase: string) => async () => passphrase;
const read = (name: string) => readFileSync(join(folder, name));

beforeAll(() => requirePeer('ssh-keygen'));

async function keygen(name: string, passphrase: string, ...options: string[]): Promise<void> {
  const words = ['-q', '-t', 'ed25519', ...options, '-C', 'me@site ä', '-N', passphrase, '-f', join(folder, name)];
  await mustRun('ssh-keygen', words);
}

describe('a key of ssh-keygen', () => {
  test('opens without a passphrase, and its two files are one pair', async () => {
    await keygen('plain', '');
    const pair = await parseSecretKey(read('plain'), () => Promise.reject(new Error('asked')));
    const line = parsePublicKey(read('plain.pub'));
    expect(line).toEqual({ bytes: pair.public, label: 'me@site ä' });
    expect(parseStoredKey(read('plain'))).toMatchObject({ kdf: 'none', comment: 'me@site ä', publicKey: pair.public });
  });

  test.for(['aes256-ctr', 'aes128-ctr', 'aes192-cbc'])('opens with its passphrase only: %s', async (cipher) => {
    await keygen(cipher, 'pass phrase', '-a', '4', '-Z', cipher);
    const pair = await parseSecretKey(read(cipher), says('pass phrase'));
    expect(pair.public).toEqual(parsePublicKey(read(`${cipher}.pub`)).bytes);
    expect(parseStoredKey(read(cipher))).toMatchObject({ kdf: 'bcrypt', comment: '', publicKey: pair.public });
    for (const wrong of ['pass phrasE', '']) {
      await expect(parseSecretKey(read(cipher), says(wrong))).rejects.toMatchObject({ kind: 'wrong-password' });
    }
  });

  test('of another cipher or type is refused with what to do', async () => {
    await keygen('gcm', 'secret', '-a', '1', '-Z', 'aes256-gcm@openssh.com');
    expect(() => parseStoredKey(read('gcm'))).toThrow('`ssh-keygen -p -Z aes256-ctr -f FILE` changes that');
    const file = join(folder, 'gcm');
    await mustRun('ssh-keygen', [
      '-q',
      '-p',
      '-a',
      '1',
      '-Z',
      'aes256-ctr',
      '-P',
      'secret',
      '-N',
      'secret',
      '-f',
      file,
    ]);
    await parseSecretKey(read('gcm'), says('secret'));
    await mustRun('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', join(folder, 'ecdsa')]);
    expect(() => parseStoredKey(read('ecdsa'))).toThrow(
      'of type ecdsa-sha2-nistp256: only ssh-ed25519 keys can be used',
    );
    expect(() => parsePublicKey(read('ecdsa.pub'))).toThrow('of type ecdsa-sha2-nistp256');
  });

  test('that is cut anywhere is refused', async () => {
    await keygen('cut', '');
    const { label, bytes } = parsePem(read('cut').toString()) ?? { label: '', bytes: Buffer.alloc(0) };
    // Behind the comment there is padding.
    const end = bytes.lastIndexOf('me@site ä');
    for (let length = 0; length < end; length++) {
      const file = formatPem(label, bytes.subarray(0, length));
      await expect(parseSecretKey(file, says('')), `${length} bytes`).rejects.toMatchObject({ name: 'Failure' });
    }
  });

  test('opens what it says after its public key was taken out of it again', async () => {
    await keygen('again', 'secret', '-a', '1');
    chmodSync(join(folder, 'again'), 0o600);
    const line = await mustRun('ssh-keygen', ['-y', '-P', 'secret', '-f', join(folder, 'again')]);
    expect(parsePublicKey(line).bytes).toEqual((await parseSecretKey(read('again'), says('secret'))).public);
  });
});
