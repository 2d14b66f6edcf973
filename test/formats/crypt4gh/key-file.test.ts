import { describe, expect, test } from 'vitest';
import { keyPairOf, newKeyPair } from '../../../src/crypto/x25519.ts';
import { fingerprint } from '../../../src/formats/crypt4gh/fingerprint.ts';
import {
  formatPublicKey,
  formatSecretKey,
  parsePublicKey,
  parseSecretKey,
  parseStoredKey,
} from '../../../src/formats/crypt4gh/key-file.ts';
import { formatPem } from '../../../src/formats/crypt4gh/pem.ts';
import { vector, vectorKey } from './vectors.ts';

const pair = keyPairOf(Uint8Array.from({ length: 32 }, (_, i) => i));
const never = () => Promise.reject(new Error('asked for a passphrase'));
const says = (passphrase: string) => async () => passphrase;

describe('a secret key of the reference', () => {
  test.for([
    ['alice', 'alice', 'bcrypt', ''],
    ['scrypt', 'passphrase', 'scrypt', 'made by the reference'],
    ['bcrypt', 'passphrase', 'bcrypt', ''],
    ['pbkdf2', 'passphrase', 'pbkdf2_hmac_sha256', ''],
    ['empty-comment', 'passphrase', 'scrypt', ''],
    ['plain', '', 'none', ''],
  ] as const)('opens: %s', async ([name, passphrase, kdf, comment]) => {
    const opened = await vectorKey(name, passphrase);
    expect(opened.public).toEqual(parsePublicKey(vector(`${name}.pub`)).bytes);
    expect(parseStoredKey(vector(`${name}.sec`))).toMatchObject({ kdf, comment, publicKey: null });
  });

  test.for(['scrypt', 'pbkdf2'])('does not open with another passphrase: %s', async (name) => {
    for (const passphrase of ['passphrasE', '']) {
      await expect(vectorKey(name, passphrase)).rejects.toMatchObject({ kind: 'wrong-password' });
    }
  });
});

describe('a new secret key', () => {
  test('opens with its passphrase only', async () => {
    const file = await formatSecretKey(pair, 'pass phrase ä', 'a comment');
    expect(Buffer.from(file).toString()).toMatch(/^-----BEGIN CRYPT4GH PRIVATE KEY-----\n[A-Za-z0-9+/=]+\n-----END/);
    expect(await parseSecretKey(file, says('pass phrase ä'))).toEqual(pair);
    await expect(parseSecretKey(file, says('pass phrase a'))).rejects.toMatchObject({ kind: 'wrong-password' });
    expect(parseStoredKey(file)).toMatchObject({ kdf: 'scrypt', comment: 'a comment' });
    expect(Buffer.from(file).includes(Buffer.from(pair.secret).toString('base64').slice(0, 40))).toBe(false);
  });

  test('without a passphrase opens without asking', async () => {
    expect(await parseSecretKey(await formatSecretKey(pair, null, ''), never)).toEqual(pair);
  });

  test('is refused with an empty passphrase, or a comment that does not fit', async () => {
    await expect(formatSecretKey(pair, '', '')).rejects.toMatchObject({ kind: 'usage' });
    await expect(formatSecretKey(pair, null, 'x'.repeat(65_536))).rejects.toMatchObject({ kind: 'usage' });
  });

  test('with a byte changed gives no other key', async () => {
    const pem = Buffer.from(await formatSecretKey(pair, 'passphrase', 'comment')).toString();
    const bytes = Buffer.from(pem.split('\n')[1] ?? '', 'base64');
    for (let i = 0; i < bytes.length; i += 3) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 0x10;
      const opened = await parseSecretKey(formatPem('CRYPT4GH PRIVATE KEY', changed), says('passphrase')).then(
        (key) => Buffer.compare(key.secret, pair.secret) === 0,
        (error: unknown) => (error instanceof Error && error.name === 'Failure' ? null : error),
      );
      // The rounds of scrypt mean nothing, and the comment nothing to the key.
      const isFree = (i >= 17 && i < 21) || i >= bytes.length - 7;
      expect(opened, `byte ${i}`).toBe(isFree ? true : null);
    }
  });

  test('is refused wherever it is cut', async () => {
    const bytes = Buffer.from(formatBody(await formatSecretKey(pair, 'passphrase', '')), 'base64');
    for (let length = 0; length < bytes.length; length++) {
      const cut = formatPem('CRYPT4GH PRIVATE KEY', bytes.subarray(0, length));
      await expect(parseSecretKey(cut, says('passphrase')), `${length} bytes`).rejects.toMatchObject({
        name: 'Failure',
      });
    }
  });
});

describe('a public key', () => {
  test('is written and read', () => {
    const text = formatPublicKey(pair.public);
    expect(text).toBe(
      '-----BEGIN CRYPT4GH PUBLIC KEY-----\nj0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=\n-----END CRYPT4GH PUBLIC KEY-----\n',
    );
    expect(parsePublicKey(text)).toEqual({ bytes: pair.public, label: '' });
    expect(
      parsePublicKey(Buffer.from(`Here it is:\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\nBest, N.`)).bytes,
    ).toEqual(pair.public);
  });

  test.for([
    ['nothing', '', 'usage'],
    ['a text', 'hello', 'usage'],
    ['a certificate', formatPem('CERTIFICATE', new Uint8Array(32)), 'usage'],
    ['31 bytes', formatPem('CRYPT4GH PUBLIC KEY', new Uint8Array(31)), 'corrupt'],
    ['33 bytes', formatPem('CRYPT4GH PUBLIC KEY', new Uint8Array(33)), 'corrupt'],
    ['what is not base64', '-----BEGIN CRYPT4GH PUBLIC KEY-----\nä\n-----END CRYPT4GH PUBLIC KEY-----\n', 'corrupt'],
    ['an RSA key', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB me', 'unsupported'],
    ['a cut ed25519 key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me', 'corrupt'],
  ] as const)('is not %s', ([, text, kind]) => {
    expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ kind }));
  });

  test('is not looked for again and again in a long line', () => {
    const line = `ssh-ed25519 ${'A'.repeat(500_000)}\rme\r`;
    expect(() => parsePublicKey(line + line)).toThrow(expect.objectContaining({ kind: 'unsupported' }));
  });

  // Of small order: what is agreed on with them is the same for everybody (RFC 7748, section 6.1).
  test.for([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('that protects nothing is refused: %s', (hex) => {
    expect(() => parsePublicKey(formatPublicKey(Buffer.from(hex, 'hex')))).toThrow('anybody could open');
  });

  test('is told from a secret one', async () => {
    const file = await formatSecretKey(pair, null, '');
    expect(() => parsePublicKey(file)).toThrow('this is a secret key');
    expect(() => parseStoredKey(formatPublicKey(pair.public))).toThrow('this is a public key');
    expect(() => parseStoredKey('hello')).toThrow('not a secret key');
  });

  test('has a fingerprint that looks as those of ssh', () => {
    expect(fingerprint(new Uint8Array(32))).toBe('SHA256:Zmh6rfhivXdsj8GLjp+OIAiXFIVu4jOzkCpZHQ1fKSU');
    expect(fingerprint(newKeyPair().public)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});

test.for([
  ['scrypt2', 0],
  ['constructor', 1],
  ['__proto__', 1],
  ['pbkdf2_hmac_sha256', 0],
  ['bcrypt', 2_001],
  ['pbkdf2_hmac_sha256', 0xffff_ffff],
] as const)('a key file that wants %s with %i rounds is refused at once', async ([kdf, rounds]) => {
  const string = (bytes: Uint8Array | string) => {
    const content = Buffer.from(bytes as Uint8Array);
    return Buffer.concat([Buffer.from([content.length >> 8, content.length]), content]);
  };
  const options = Buffer.alloc(20);
  options.writeUInt32BE(rounds);
  const fields = [string(kdf), string(options), string('chacha20_poly1305'), string(new Uint8Array(60))];
  const file = formatPem('CRYPT4GH PRIVATE KEY', Buffer.concat([Buffer.from('c4gh-v1'), ...fields]));
  await expect(parseSecretKey(file, says('x'))).rejects.toMatchObject({ kind: 'unsupported' });
});

function formatBody(pem: Uint8Array): string {
  return Buffer.from(pem).toString().split('\n')[1] ?? '';
}
