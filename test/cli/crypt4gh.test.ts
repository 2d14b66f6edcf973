import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { openBytes } from '../../src/formats/crypt4gh/file.ts';
import { fingerprint } from '../../src/formats/crypt4gh/fingerprint.ts';
import { formatHeader } from '../../src/formats/crypt4gh/header.ts';
import { formatPublicKey, parseSecretKey } from '../../src/formats/crypt4gh/key-file.ts';
import { sealPacket } from '../../src/formats/crypt4gh/packet.ts';
import { formatDataKey } from '../../src/formats/crypt4gh/payload.ts';
import { patterned } from '../contract/remote/bench.ts';
import { vectorKey, vectorText } from '../formats/crypt4gh/vectors.ts';
import { programPath } from '../program.ts';
import { type Result, run } from '../servers/run.ts';
import { createBench, messages } from './run.ts';

const { folder, path } = createBench('crypt4gh');
const vectors = join(import.meta.dirname, '../vectors/crypt4gh');
const plain = patterned(3 * 65_536 + 1000);
const sizeOfHeader = 124;

/** Runs a shell script that was written for the reference: its commands are ours. Without a terminal to ask on. */
function script(text: string, env: Readonly<Record<string, string>> = {}, input?: string): Promise<Result> {
  const coffer = `'${process.execPath}' '${programPath}' crypt4gh`;
  const functions = `crypt4gh() { ${coffer} "$@"; }; crypt4gh-keygen() { ${coffer} keygen "$@"; }`;
  const words = ['-w', 'bash', '-c', `set -e; ${functions}; ${text}`];
  return run('setsid', words, {
    cwd: folder,
    env: { HOME: folder, C4GH_SECRET_KEY: '', C4GH_PUBLIC_KEY: '', ...env },
    ...(input !== undefined && { input }),
  });
}

const read = (name: string) => readFileSync(path(name));
const same = (a: Uint8Array, b: Uint8Array) => expect(Buffer.compare(a, b)).toBe(0);
const alice = { C4GH_PASSPHRASE: 'alice' };
const bob = { C4GH_PASSPHRASE: 'bob' };

async function succeed(text: string, env?: Readonly<Record<string, string>>): Promise<Result> {
  const result = await script(text, env);
  expect(result.code, result.stderr).toBe(0);
  return result;
}

beforeAll(async () => {
  for (const name of ['alice.sec', 'alice.pub', 'bob.sec', 'bob.pub', 'plain.sec', 'plain.pub', 'edit-list.c4gh']) {
    copyFileSync(join(vectors, name), path(name));
    if (name.endsWith('.sec')) chmodSync(path(name), 0o400);
  }
  writeFileSync(path('text'), plain);
  await succeed('crypt4gh encrypt --recipient_pk alice.pub < text > for-alice.c4gh');
});

describe('a script for crypt4gh', () => {
  test('encrypts for several recipients, who decrypt with keys from options and the environment', async () => {
    await succeed(
      'crypt4gh encrypt --sk bob.sec --recipient_pk=alice.pub --recipient_pk bob.pub < text > both.c4gh',
      bob,
    );
    const { writer } = openBytes(read('both.c4gh'), await vectorKey('alice', 'alice'));
    expect(writer).toEqual((await vectorKey('bob', 'bob')).public);
    await succeed('crypt4gh decrypt --sk alice.sec < both.c4gh > opened', alice);
    same(read('opened'), plain);
    await succeed('crypt4gh --log none decrypt --sender_pk bob.pub < both.c4gh > opened', {
      ...bob,
      C4GH_SECRET_KEY: 'bob.sec',
    });
    same(read('opened'), plain);
  });

  test('encrypts nothing, and once for a recipient who is named twice', async () => {
    await succeed('crypt4gh encrypt --recipient_pk alice.pub --recipient_pk ./alice.pub < /dev/null > empty.c4gh');
    expect(statSync(path('empty.c4gh')).size).toBe(sizeOfHeader);
    const { stdout } = await succeed('crypt4gh decrypt --sk alice.sec < empty.c4gh', alice);
    expect(stdout).toBe('');
  });

  test('takes a range as the reference does: one byte less than its end says', async () => {
    await succeed('crypt4gh decrypt --sk alice.sec --range 65535-131074 < for-alice.c4gh > part', alice);
    same(read('part'), plain.subarray(65_535, 131_073));
    await succeed('crypt4gh encrypt --recipient_pk alice.pub --range 5-11 < text > part.c4gh');
    same(openBytes(read('part.c4gh'), await vectorKey('alice', 'alice')).plain, plain.subarray(5, 10));
    await succeed('crypt4gh decrypt --sk alice.sec --range 196608- < for-alice.c4gh > part', alice);
    same(read('part'), plain.subarray(196_608));
  });

  test('rearranges a file, and reencrypts what is left for somebody else', async () => {
    await succeed(
      'crypt4gh rearrange --sk alice.sec --range 65535-131074 < for-alice.c4gh > cut.c4gh; ' +
        'crypt4gh reencrypt --sk alice.sec --recipient_pk bob.pub --trim < cut.c4gh > for-bob.c4gh',
      alice,
    );
    expect(statSync(path('cut.c4gh')).size).toBeLessThan(3 * 65_564 + 400);
    await succeed('crypt4gh decrypt --sk bob.sec < for-bob.c4gh > part', bob);
    same(read('part'), plain.subarray(65_535, 131_073));
    expect((await script('crypt4gh decrypt --sk alice.sec < for-bob.c4gh', alice)).code).toBe(1);
  });

  test('keeps header and data apart, and reencrypts the header alone', async () => {
    await succeed('crypt4gh encrypt --recipient_pk alice.pub --header head < text > data');
    expect(statSync(path('head')).size).toBe(sizeOfHeader);
    await succeed('crypt4gh reencrypt --sk alice.sec --recipient_pk bob.pub --header-only < head > head.bob', alice);
    expect(statSync(path('head.bob')).size).toBe(sizeOfHeader);
    await succeed('cat head.bob data | crypt4gh decrypt --sk bob.sec > opened', bob);
    same(read('opened'), plain);
  });

  test('opens a file of the reference through its edit list', async () => {
    const { stdout } = await succeed('crypt4gh decrypt --sk alice.sec < edit-list.c4gh', alice);
    expect(stdout).toBe(`${vectorText.subarray(6, 16)}${vectorText.subarray(21, 25)}`);
  });

  test('asks which version it is', async () => {
    expect((await succeed('crypt4gh -v')).stdout).toMatch(/^coffer v?\d/);
  });
});

describe('it fails with 1, and writes nothing,', () => {
  test.for([
    ['without recipients', 'encrypt < text', 'say who may open it'],
    [
      'where one of two recipients is missing',
      'encrypt --recipient_pk alice.pub --recipient_pk no.pub < text',
      'no.pub',
    ],
    ['for a recipient who is a secret key', 'encrypt --recipient_pk alice.sec < text', 'this is a secret key'],
    ['where the sender’s key is missing', 'decrypt --sk plain.sec --sender_pk no.pub < for-alice.c4gh', 'no.pub'],
    ['without a secret key', 'decrypt < for-alice.c4gh', `there is no key file ${join(folder, '.c4gh/key')}`],
    ['for what is no Crypt4GH file', 'decrypt --sk plain.sec < text', 'standard input: not a Crypt4GH file'],
    ['for an empty file', 'decrypt --sk plain.sec < /dev/null', 'not a Crypt4GH file'],
    [
      'for a header that is cut',
      'decrypt --sk plain.sec < <(head -c 100 for-alice.c4gh)',
      'in the middle of its header',
    ],
    ['for a range of nothing', 'rearrange --sk plain.sec --range 7-8 < for-alice.c4gh', 'invalid range "7-8"'],
    ['without a range to keep', 'rearrange --sk plain.sec < for-alice.c4gh', 'say which bytes to keep'],
    ['for an option that is unknown', 'decrypt --recipient_sk alice.sec < for-alice.c4gh', 'unknown flag'],
  ] as const)('%s', async ([, words, message]) => {
    const { code, stdout, stderr } = await script(`crypt4gh ${words}`);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(stdout).toBe('');
  });

  test('for a file that is sealed to others, and tells whose key does not open it', async () => {
    const { code, stderr } = await script('crypt4gh decrypt --sk plain.sec < for-alice.c4gh');
    const own = fingerprint((await vectorKey('plain', '')).public);
    expect(messages(stderr)).toEqual([
      `Failed to crypt4gh decrypt: standard input: not sealed to your key (${own}): its one header packet is for others`,
    ]);
    expect(code).toBe(1);
  });

  test('for a malformed edit list', async () => {
    const reader = await vectorKey('plain', '');
    // Says that it has three lengths, and has two.
    const edits = Buffer.from(`0100000003000000${'0100000000000000'.repeat(2)}`, 'hex');
    const packets = [formatDataKey(new Uint8Array(32)), edits].map((payload) =>
      sealPacket(payload, newKeyPair(), reader.public),
    );
    writeFileSync(path('bad-edits'), formatHeader(packets));
    const { code, stderr } = await script('crypt4gh decrypt --sk plain.sec < bad-edits');
    expect(stderr).toContain('standard input: its edit list is too short for 3 lengths');
    expect(code).toBe(1);
  });

  test('at the chunk that is corrupt, which it names, and prints only what came before', async () => {
    const sealed = read('for-alice.c4gh');
    const at = sizeOfHeader + 2 * 65_564 + 77;
    sealed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
    writeFileSync(path('corrupt'), sealed);
    const { code, stderr } = await script('crypt4gh decrypt --sk alice.sec < corrupt > opened', alice);
    expect(stderr).toContain('cannot open chunk 2 of standard input: corrupt data (its plain bytes 131072 to 196607)');
    expect(code).toBe(1);
    const printed = read('opened');
    same(printed, plain.subarray(0, printed.length));
    expect(printed.length).toBeLessThanOrEqual(131_072);
  });

  test('at a chunk that is cut', async () => {
    const { code, stderr } = await script(
      'head -c -1 for-alice.c4gh | crypt4gh decrypt --sk alice.sec > opened',
      alice,
    );
    expect(stderr).toContain('cannot open chunk 3 of standard input: corrupt or cut data');
    expect(code).toBe(1);
  });
});

test('a passphrase that does not open the key is exit code 2', async () => {
  const { code, stderr, stdout } = await script('crypt4gh decrypt --sk alice.sec < for-alice.c4gh', bob);
  expect(stderr).toContain('alice.sec: the passphrase does not open this key');
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

test('a secret key that others can read is used, with a warning', async () => {
  copyFileSync(join(vectors, 'alice.sec'), path('open.sec'));
  chmodSync(path('open.sec'), 0o644);
  const { stderr } = await succeed('crypt4gh decrypt --sk open.sec < for-alice.c4gh > opened', alice);
  expect(stderr).toContain('open.sec: others on this machine can read your secret key');
});

describe('a script for crypt4gh-keygen', () => {
  const open = (name: string, words: string) => parseSecretKey(read(name), async () => words);

  test('makes a pair without a passphrase', async () => {
    const { stdout, stderr } = await succeed('crypt4gh-keygen -f --nocrypt --sk robot.key --pk robot.pub -C robot');
    expect(stdout.split('\n')).toEqual([
      'Generating public/private Crypt4GH key pair (for robot).',
      `Your private key has been saved in ${path('robot.key')}`,
      `Your public key has been saved in ${path('robot.pub')}`,
      '',
    ]);
    expect(stderr).toBe('WARNING: The private key is not encrypted\n');
    expect(statSync(path('robot.key')).mode & 0o777).toBe(0o400);
    expect(read('robot.pub').toString()).toBe(formatPublicKey((await open('robot.key', '')).public));
  });

  test('answers its questions on standard input where there is no terminal', async () => {
    const keygen = 'crypt4gh-keygen --sk keys/k --pk keys/k.pub';
    const refused = await script(keygen, {}, 'secret\nsecret\nn\n');
    expect(refused.stdout).toContain(`Create directory ${path('keys')}? (y/n) Ok. Fair enough. Exiting.`);
    expect(refused.code).toBe(0);
    expect(existsSync(path('keys'))).toBe(false);
    expect((await script(keygen, {}, 'secret\nsecret\ny\ny\n')).code).toBe(0);
    const first = await open('keys/k', 'secret');
    const kept = await script(keygen, {}, 'secret\nsecret\nn\n');
    expect(kept.stdout).toContain('already exists. Do you want to overwrite it? (y/n) Ok.');
    expect(await open('keys/k', 'secret')).toEqual(first);
    expect((await script(keygen, {}, 'other\nother\ny\ny\n')).code).toBe(0);
    expect(await open('keys/k', 'other')).not.toEqual(first);
  });

  test('ends with 1 when two passphrases differ', async () => {
    const { code, stderr } = await script('crypt4gh-keygen --sk d --pk d.pub', {}, 'one\ntwo\n');
    expect(stderr).toContain('the passphrases do not match');
    expect(code).toBe(1);
    expect(existsSync(path('d')) || existsSync(path('d.pub'))).toBe(false);
  });

  test('gives a key another passphrase, and keeps the key', async () => {
    copyFileSync(join(vectors, 'scrypt.sec'), path('again.sec'));
    const before = await open('again.sec', 'passphrase');
    const env = { C4GH_PASSPHRASE: 'passphrase' };
    const { code } = await script('crypt4gh-keygen --relock --sk again.sec', env, 'newer\nnewer\n');
    expect(code).toBe(0);
    expect((await open('again.sec', 'newer')).secret).toEqual(before.secret);
    expect(Buffer.from(read('again.sec').toString().split('\n')[1] ?? '', 'base64').toString('latin1')).toContain(
      'made by the reference',
    );
    expect(statSync(path('again.sec')).mode & 0o777).toBe(0o400);
  });
});

test('a reader that has gone ends it, without a word', async () => {
  const { code, stderr } = await script('yes | crypt4gh encrypt --recipient_pk alice.pub | head -c 1 > first');
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(read('first')).toHaveLength(1);
});
