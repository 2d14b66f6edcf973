import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Bytes, collect, concat, sourceOf } from '../../../src/core/bytes.ts';
import { openMessage } from '../../../src/formats/openpgp/open.ts';
import { sealedMessageSize, sealMessage } from '../../../src/formats/openpgp/seal.ts';
import { createGpg } from '../../packing/gpg.ts';

const password = 'pass wörd';
const gpg = createGpg(password);
const folder = mkdtempSync(join(tmpdir(), 'coffer-openpgp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

const seal = (plain: Uint8Array): Promise<Uint8Array> => collect(sealMessage(sourceOf(plain).open(), password));
const open = (sealed: Uint8Array, given = password): Promise<Uint8Array> =>
  collect(openMessage(sourceOf(sealed).open(), given, 'a.gpg'));

/** Bytes that differ all along. */
function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8) * 13) & 0xff);
}

/** Both in parts of 1 MiB: the literal packet has 6 bytes of its own, the sealed one 43 around it. */
const sizes = [0, 8378, (1 << 20) - 6, (1 << 20) - 5, (2 << 20) + 12_345];

describe('a message that coffer seals', () => {
  it.each(sizes)('opens in gpg and in coffer, %i bytes', async (size) => {
    const plain = pattern(size);
    const sealed = await seal(plain);
    expect(sealed.length).toBe(sealedMessageSize(size));
    writeFileSync(path('ours.gpg'), sealed);
    await gpg.open(path('ours.gpg'), path('opened'));
    expect(Buffer.compare(readFileSync(path('opened')), plain)).toBe(0);
    expect(Buffer.compare(await open(sealed), plain)).toBe(0);
  });

  it('opens in gpg when it is so long that a thread encrypts it', async () => {
    const plain = Buffer.alloc((21 << 20) + 5, pattern(1 << 16));
    writeFileSync(path('ours.gpg'), await seal(plain));
    await gpg.open(path('ours.gpg'), path('opened'));
    expect(Buffer.compare(readFileSync(path('opened')), plain)).toBe(0);
  });

  it('fails with its source, at the start and on the thread', async () => {
    async function* failing(pieces: number): Bytes {
      for (let i = 0; i < pieces; i++) yield Buffer.alloc(1 << 20);
      throw new Error('unreadable');
    }
    for (const pieces of [0, 20]) {
      await expect(collect(sealMessage(failing(pieces), password))).rejects.toThrow('unreadable');
    }
  });

  it('is another one each time', async () => {
    expect(await seal(pattern(100))).not.toEqual(await seal(pattern(100)));
  });
});

describe('a message that gpg seals', () => {
  it.each([1, 186, 8377, (2 << 20) + 12_345])('opens in coffer, %i bytes', async (size) => {
    const plain = pattern(size);
    writeFileSync(path('plain'), plain);
    await gpg.seal(path('plain'), path('theirs.gpg'));
    expect(Buffer.compare(await open(readFileSync(path('theirs.gpg'))), plain)).toBe(0);
  });

  it.each([['none'], ['zip'], ['zlib']])('opens when it was compressed by %s', async (method) => {
    const plain = concat([new Uint8Array(3_000_000), pattern(5000)]);
    writeFileSync(path('plain'), plain);
    await gpg.seal(path('plain'), path('theirs.gpg'), '--compress-algo', method);
    expect(Buffer.compare(await open(readFileSync(path('theirs.gpg'))), plain)).toBe(0);
  });

  it.each([
    ['--s2k-digest-algo', 'SHA1'],
    ['--s2k-digest-algo', 'SHA512'],
    ['--s2k-mode', '0'],
    ['--s2k-mode', '1'],
    ['--cipher-algo', 'AES128'],
    ['--cipher-algo', 'AES192'],
  ])('opens with %s %s', async (option, value) => {
    writeFileSync(path('plain'), pattern(300));
    await gpg.seal(path('plain'), path('theirs.gpg'), option, value);
    expect(await open(readFileSync(path('theirs.gpg')))).toEqual(pattern(300));
  });

  it.each([
    ['--compress-algo', 'bzip2', /method 3: open it with gpg/],
    ['--cipher-algo', 'TWOFISH', /cipher 10: open it with gpg/],
  ])('is left to gpg with %s %s', async (option, value, message) => {
    writeFileSync(path('plain'), pattern(3000));
    await gpg.seal(path('plain'), path('theirs.gpg'), option, value);
    await expect(open(readFileSync(path('theirs.gpg')))).rejects.toMatchObject({ kind: 'unsupported', message });
  });
});

// `echo 'kept for ever' | gpg --symmetric --cipher-algo AES256 --passphrase 'pass wörd'`, gpg 2.2.40.
const keptSample =
  'jA0ECQMCV9eEh2tnlh3/0kMBiDlV9VRO0yf8iNUCfzDGjDHaJP7TV1ZYEilmKPtNPejo0bEJu7OMnq8NfN6U9dj2DEg99yzHMv2WT4jfmsKDmWyL';
// The same by coffer 0.1.0.
const ownSample =
  'ww0ECQMI03lnq63h2pD/0j8BiDhBtdCf18M0sY3fxpe1gra1qILmzUN31MPeWGdrrJ/OnPkm/t98o4j7g2huOoHY8A9qEFVZ3y4G3VQmTVQ=';

it.each([
  ['gpg', keptSample],
  ['coffer', ownSample],
])('a message that %s once sealed still opens', async (_, sample) => {
  expect(Buffer.from(await open(Buffer.from(sample, 'base64'))).toString()).toBe('kept for ever\n');
});

/** A message whose password costs little to try. */
async function quickMessage(plain: Uint8Array): Promise<Uint8Array> {
  writeFileSync(path('plain'), plain);
  await gpg.seal(path('plain'), path('quick.gpg'), '--s2k-count', '2048', '--compress-algo', 'none');
  return readFileSync(path('quick.gpg'));
}

describe('a message that does not open', () => {
  it('says so for a wrong password', async () => {
    const sealed = await seal(pattern(100));
    await expect(open(sealed, 'other')).rejects.toMatchObject({
      kind: 'wrong-password',
      message: 'a.gpg: the password does not open it',
    });
  });

  it('says so for an empty password, whatever makes a key of it', async () => {
    for (const mode of ['0', '1', '3']) {
      writeFileSync(path('plain'), pattern(300));
      await gpg.seal(path('plain'), path('theirs.gpg'), '--s2k-mode', mode);
      await expect(open(readFileSync(path('theirs.gpg')), '')).rejects.toMatchObject({ kind: 'wrong-password' });
    }
  });

  it('is refused at once where a password would have to be tried very often', async () => {
    // The last byte asks for as much work as there can be.
    const packet = Uint8Array.from([0xc3, 13, 4, 9, 3, 8, ...pattern(8), 0xff]);
    const sealed = concat([...Array.from({ length: 5000 }, () => packet), await seal(pattern(5))]);
    await expect(open(sealed)).rejects.toMatchObject({ kind: 'unsupported' });
  });

  it('is an error wherever it is cut', async () => {
    const sealed = await quickMessage(pattern(20));
    for (let length = 0; length < sealed.length; length++) {
      await expect(open(sealed.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });

  it('is an error when a part of a long one is missing', async () => {
    const sealed = await seal(pattern(3 << 20));
    for (const length of [(2 << 20) + 17, sealed.length - 22]) {
      await expect(open(sealed.subarray(0, length))).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });

  it('is an error whichever byte of it changes', async () => {
    const sealed = await quickMessage(pattern(5));
    // The first 15 bytes say how the password becomes a key.
    for (let i = 15; i < sealed.length; i++) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      await expect(open(changed), `byte ${i}`).rejects.toMatchObject({ name: 'Failure' });
    }
  });

  it('is an error when something follows it', async () => {
    await expect(open(concat([await seal(pattern(5)), pattern(3)]))).rejects.toMatchObject({ kind: 'corrupt' });
  });

  it('says what it is no message', async () => {
    await expect(open(Buffer.from('plain text'))).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(open(new Uint8Array(0))).rejects.toMatchObject({ kind: 'corrupt' });
  });

  it('names the way when it is sealed to a public key', async () => {
    await gpg.run('--passphrase', '', '--quick-gen-key', 'somebody', 'rsa2048', 'encr');
    writeFileSync(path('plain'), 'text');
    await gpg.run('--trust-model', 'always', '-r', 'somebody', '-o', path('public.gpg'), '-e', path('plain'));
    await expect(open(readFileSync(path('public.gpg')))).rejects.toMatchObject({
      kind: 'unsupported',
      message: 'a.gpg: it is sealed to public keys of OpenPGP, not by a password: open it with gpg',
    });
  });
});

it('a message opens byte by byte', async () => {
  async function* bytewise(data: Uint8Array): Bytes {
    for (const byte of data) yield Uint8Array.of(byte);
  }
  const opened = await collect(openMessage(bytewise(await seal(pattern(500))), password, 'a.gpg'));
  expect(opened).toEqual(pattern(500));
});
