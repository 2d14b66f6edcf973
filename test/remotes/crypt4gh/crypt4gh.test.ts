import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { collect, concat, sourceOf } from '../../../src/core/bytes.ts';
import type { FileEntry } from '../../../src/core/entry.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { newKeyPair } from '../../../src/crypto/x25519.ts';
import { openBytes, sealBytes } from '../../../src/formats/crypt4gh/file.ts';
import { formatHeader, openHeader, parseHeader } from '../../../src/formats/crypt4gh/header.ts';
import { sealPacket } from '../../../src/formats/crypt4gh/packet.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { checkTrees } from '../../../src/transfer/check.ts';
import { transferTree } from '../../../src/transfer/sync.ts';
import { digest, entriesOf, failureOf, patterned } from '../../contract/remote/bench.ts';
import { vector, vectorText } from '../../formats/crypt4gh/vectors.ts';
import { bucketOf, filesIn, testSession } from '../../transfer/session.ts';
import { createPeople, crypt4ghOver, keysOf, noticesOf, type Person } from './crypt4gh-over.ts';

const person = createPeople();
const [ada, csc] = await Promise.all([person('ada'), person('csc')]);
const time = 1_000_000_000n;

let base: Location;
beforeEach(() => {
  base = { remote: createMemoryRemote(), path: 'bucket/sealed' };
});

const open = (own: Parameters<typeof crypt4ghOver>[1], more = {}) => crypt4ghOver(base, own, more);
const put = (remote: Remote, path: string, data: string | Uint8Array) =>
  remote.write(path, sourceOf(typeof data === 'string' ? Buffer.from(data) : data), { modified: time });
const putSealed = (path: string, data: Uint8Array) => put(base.remote, `${base.path}/${path}`, data);
const sealed = (path: string) => collect(base.remote.read(`${base.path}/${path}`));
const text = async (remote: Remote, path: string) => Buffer.from(await collect(remote.read(path))).toString();
const listed = async (remote: Remote, dir = '') => (await entriesOf(remote.list(dir))) as FileEntry[];

/** A public key as OpenSSH keeps it. */
function openSshBlob(): Buffer {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const fields = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')];
  return Buffer.concat(fields.flatMap((field) => [Buffer.from([0, 0, 0, field.length]), field]));
}

/** The same file with packets for others in its header. */
function withStrangers(file: Uint8Array, count: number, size = 40): Uint8Array {
  const { packets, length } = parseHeader(file, 'file');
  const strangers = Array.from({ length: count }, () => sealPacket(patterned(size), newKeyPair(), newKeyPair().public));
  return concat([formatHeader([...strangers, ...packets]), file.subarray(length)]);
}

describe('what is written', () => {
  test('is what each recipient opens as a Crypt4GH file, behind .c4gh', async () => {
    const remote = await open(keysOf(ada, csc));
    const data = patterned(200_000);
    await put(remote, 'job/results.csv', data);
    const file = await sealed('job/results.csv.c4gh');
    for (const reader of [ada, csc]) expect(digest(openBytes(file, reader).plain)).toBe(digest(data));
    expect(openBytes(file, csc).writer).toEqual(ada.public);
    expect(Buffer.from(file).includes(Buffer.from(data.subarray(1000, 1020)))).toBe(false);
  });

  test('has a data key of its own each time', async () => {
    const remote = await open(keysOf(ada));
    const keys = new Set<string>();
    for (const path of ['a', 'b', 'a']) {
      await put(remote, path, 'the same');
      const { packets } = parseHeader(await sealed(`${path}.c4gh`), path);
      keys.add(
        openHeader(packets, ada, path)
          .dataKeys.map((key) => Buffer.from(key).toString('hex'))
          .join(),
      );
    }
    expect(keys.size).toBe(3);
  });

  test('can have been written by the reference implementation', async () => {
    const alice = join(import.meta.dirname, '../../vectors/crypt4gh/alice');
    const own = { recipients: `${alice}.pub`, secret_key: `${alice}.sec` };
    const remote = await crypt4ghOver(base, own, { environment: { C4GH_PASSPHRASE: 'alice' } });
    for (const name of ['two-recipients', 'edit-list', 'rearranged', 'empty'])
      await putSealed(`${name}.c4gh`, vector(`${name}.c4gh`));
    expect(await text(remote, 'two-recipients')).toBe(vectorText.toString());
    expect(await remote.stat('two-recipients')).toMatchObject({ size: vectorText.length });
    expect(await text(remote, 'empty')).toBe('');
    for (const name of ['edit-list', 'rearranged']) {
      const content = await text(remote, name);
      expect(await remote.stat(name)).toMatchObject({ size: content.length });
      expect(Buffer.from(await collect(remote.read(name, { start: 3, end: 8 }))).toString()).toBe(content.slice(3, 8));
    }
    expect(await text(remote, 'edit-list')).toHaveLength(14);
  });
});

describe('sizes', () => {
  test('are worked out of a listing without looking into the files', async () => {
    const remote = await open(keysOf(ada, csc));
    for (const size of [0, 1, 65_536, 65_537]) await put(remote, `${size}`, patterned(size));
    let looks = 0;
    const { stat, read } = base.remote;
    const counted =
      <A extends unknown[], R>(method: (...args: A) => R) =>
      (...args: A): R => {
        looks++;
        return method(...args);
      };
    base = { ...base, remote: { ...base.remote, stat: counted(stat), read: counted(read) } };
    for (const { path, size } of await listed(await open(keysOf(ada, csc)))) expect(size).toBe(Number(path));
    expect(looks).toBe(0);
  });

  test.for([
    [0, 40],
    [1, 40],
    [12, 40],
    [5, 20_000],
  ])('are true where a header has packets for %i others, of %i bytes', async ([count = 0, size]) => {
    const remote = await open(keysOf(ada, csc));
    const data = patterned(70_000);
    await putSealed('file.c4gh', withStrangers(sealBytes(data, [ada.public]), count, size));
    expect(await remote.stat('file')).toMatchObject({ size: data.length, modified: time, isSizeEstimated: false });
    expect((await listed(remote))[0]).toMatchObject({ path: 'file', isSizeEstimated: true });
    expect(digest(await collect(remote.read('file')))).toBe(digest(data));
    expect(await collect(remote.read('file', { start: 65_530, end: 65_540 }))).toEqual(data.subarray(65_530, 65_540));
  });

  test('that a listing has wrong hinder no copy, sync or check', async () => {
    const remote = await open(keysOf(ada, csc));
    const files = { 'one.txt': 'sealed to one', 'many.txt': 'sealed to many', empty: '' };
    for (const [path, content] of Object.entries(files)) {
      const file = sealBytes(Buffer.from(content), [ada.public]);
      await putSealed(`${path}.c4gh`, path === 'one.txt' ? file : withStrangers(file, 4));
    }
    const from = { remote, path: '' };
    const to = await bucketOf({});
    const session = testSession();
    await transferTree(session, from, to, 'copy');
    expect(await filesIn(to)).toEqual(files);
    for (const [left, right] of [
      [from, to],
      [to, from],
    ] as const) {
      const again = testSession();
      await transferTree(again, left, right, 'sync');
      expect(again.progress).toMatchObject({ errors: 0, totalTransfers: 0 });
    }
    const check = testSession();
    const onOutcome = async () => {};
    await checkTrees(check, { from, to, file: null, oneWay: false, compare: async () => 'same', onOutcome });
    expect(check.progress.errors).toBe(0);
  });

  test('of what is none of Crypt4GH’s files are unknown, and reading it fails', async () => {
    const { report, notices } = noticesOf();
    const remote = await open(keysOf(ada), { report });
    await putSealed('short.c4gh', Buffer.from('no header'));
    await putSealed('long.c4gh', patterned(1000));
    await putSealed('cut.c4gh', sealBytes(patterned(100), [ada.public]).subarray(0, 140));
    expect(await listed(remote)).toMatchObject([
      { path: 'cut', size: -1 },
      { path: 'long' },
      { path: 'short', size: -1 },
    ]);
    for (const path of ['short', 'long', 'cut']) {
      expect(await remote.stat(path)).toMatchObject({ size: -1 });
      expect(await failureOf(collect(remote.read(path)))).toBe('corrupt');
      await remote.remove(path);
    }
    expect(notices.join('\n')).toContain('long: damaged: long: not a Crypt4GH file (wrong magic bytes)');
  });
});

describe('a drop box, without a secret key', () => {
  test('is written, listed and synced, and not read', async () => {
    const box = await open({ recipients: csc.publicFile });
    const from = await bucketOf({ 'a.txt': 'a', 'sub/b.txt': 'bb' });
    for (const transfers of [2, 0]) {
      const session = testSession();
      await transferTree(session, from, { remote: box, path: '' }, 'sync');
      expect(session.progress).toMatchObject({ errors: 0, transfers });
    }
    expect(await box.stat('sub/b.txt')).toMatchObject({ size: 2, modified: time });
    await expect(collect(box.read('a.txt'))).rejects.toMatchObject({
      kind: 'denied',
      message: 'a.txt: cannot be read because sealed: has no secret_key',
    });
    expect(openBytes(await sealed('a.txt.c4gh'), csc).plain).toEqual(new Uint8Array(Buffer.from('a')));
  });

  test('does not betray who wrote it', async () => {
    const box = await open({ recipients: csc.publicFile });
    await put(box, 'a', 'a');
    await put(box, 'b', 'b');
    const writers = await Promise.all(
      ['a', 'b'].map(async (path) => openBytes(await sealed(`${path}.c4gh`), csc).writer),
    );
    expect(writers[0]).not.toEqual(writers[1]);
  });
});

describe('without recipients', () => {
  test('everything is read and nothing changed', async () => {
    await put(await open(keysOf(ada)), 'file', 'content');
    const remote = await open({ secret_key: ada.secretFile });
    expect(await text(remote, 'file')).toBe('content');
    const denied = { kind: 'denied', message: expect.stringContaining('because sealed: has no recipients') };
    await expect(put(remote, 'file', 'other')).rejects.toMatchObject(denied);
    await expect(remote.remove('file')).rejects.toMatchObject(denied);
    await expect(remote.makeDir('dir')).rejects.toMatchObject(denied);
    expect(remote).not.toHaveProperty('move');
    expect(await text(remote, 'file')).toBe('content');
  });

  test('and without a secret key there is nothing to do', async () => {
    await expect(open({})).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining('neither') });
  });
});

describe('keys', () => {
  test('of recipients are files, lines of OpenSSH and base64', async () => {
    const line = `ssh-ed25519 ${openSshBlob().toString('base64')} somebody@somewhere`;
    const base64 = Buffer.from(csc.public).toString('base64');
    const remote = await open({ recipients: ` ${ada.publicFile} ,${line}, ${base64},${base64}` });
    await put(remote, 'file', '');
    expect(await sealed('file.c4gh')).toHaveLength(16 + 3 * 108);
    for (const reader of [ada, csc]) expect(openBytes(await sealed('file.c4gh'), reader).plain).toHaveLength(0);
  });

  test.for([
    ['/no/such/key.pub', 'there is no key file /no/such/key.pub'],
    ['secret', 'this is a secret key, which nobody else may see'],
  ])('of a recipient that cannot be read are fatal: %s', async ([given = '', says = '']) => {
    const recipients = given === 'secret' ? csc.secretFile : given;
    const message = expect.stringContaining(`option recipients of remote "sealed": `);
    const failure = open({ recipients: `${ada.publicFile},${recipients}` });
    await expect(failure).rejects.toMatchObject({ kind: 'usage', message });
    await expect(failure).rejects.toThrow(says);
  });

  test('are opened by C4GH_PASSPHRASE, by a command, or by a prompt', async () => {
    const eve = await person('eve', 'a passphrase');
    await put(await open({ recipients: eve.publicFile }), 'file', 'content');
    const questions: string[] = [];
    const prompt = async (question: string) => {
      questions.push(question);
      return 'a passphrase';
    };
    const nothing = { environment: {} };
    const command = { ...keysOf(eve), passphrase_command: 'echo a passphrase' };
    for (const remote of [
      await open(command, { environment: { C4GH_PASSPHRASE: 'other' } }),
      await open(keysOf(eve), { ...nothing, prompt }),
    ]) {
      expect(await text(remote, 'file')).toBe('content');
    }
    expect(questions).toEqual([`Passphrase for ${eve.secretFile}:`]);
    await expect(open(keysOf(eve), nothing)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('set C4GH_PASSPHRASE, or the option passphrase_command'),
    });
    const wrong = open(keysOf(eve), { environment: { C4GH_PASSPHRASE: 'wrong' } });
    await expect(wrong).rejects.toMatchObject({ kind: 'wrong-password' });
  });

  test('that are no recipient’s open nothing, and sizes are still told', async () => {
    await put(await open({ recipients: csc.publicFile }), 'file', 'content');
    const remote = await open(keysOf(ada));
    expect(await remote.stat('file')).toMatchObject({ size: 7 });
    expect(await failureOf(collect(remote.read('file')))).toBe('denied');
    expect(await failureOf(collect(remote.read('file', { start: 1, end: 2 })))).toBe('denied');
  });
});

describe('names', () => {
  test('without the suffix are left out with a notice, or fail where names are strict', async () => {
    const { report, notices } = noticesOf();
    await put(await open(keysOf(ada)), 'dir/file', 'content');
    for (const name of ['dir/README', 'dir/file_ameta', 'dir/.c4gh']) await putSealed(name, Buffer.from('x'));
    const remote = await open(keysOf(ada), { report });
    expect((await listed(remote, 'dir')).map(({ path }) => path)).toEqual(['dir/file']);
    expect(notices).toEqual(['sealed:dir: files without .c4gh, skipped: 3 (dir/.c4gh, dir/README, dir/file_ameta)']);
    const strict = await open({ ...keysOf(ada), strict_names: true });
    expect(await failureOf(listed(strict, 'dir'))).toBe('corrupt');
  });

  test('have the suffix that is wanted, with its dot', async () => {
    await put(await open({ ...keysOf(ada), suffix: 'sealed' }), 'file', 'content');
    expect(await listed(base.remote, base.path)).toMatchObject([{ path: `${base.path}/file.sealed` }]);
  });
});

describe('a damaged file', () => {
  let remote: Remote;
  let file: Uint8Array;
  beforeEach(async () => {
    remote = await open(keysOf(ada));
    await put(remote, 'dir/file', patterned(150_000));
    file = await sealed('dir/file.c4gh');
  });

  test('fails at the chunk, in words of the plain path', async () => {
    const changed = Uint8Array.from(file);
    changed[70_000] = (changed[70_000] ?? 0) ^ 1;
    await putSealed('dir/file.c4gh', changed);
    await expect(collect(remote.read('dir/file'))).rejects.toMatchObject({
      kind: 'corrupt',
      message: expect.stringMatching(/chunk 1 of dir\/file/),
    });
    expect(await collect(remote.read('dir/file', { start: 140_000, end: 140_010 }))).toHaveLength(10);
  });

  test('fails when it is cut inside a chunk', async () => {
    await putSealed('dir/file.c4gh', file.subarray(0, file.length - 1));
    expect(await failureOf(collect(remote.read('dir/file')))).toBe('corrupt');
  });
});

test('a key that others can read is told of', async () => {
  const { report, notices } = noticesOf();
  const careless: Person = { ...csc, secretFile: `${csc.secretFile}.open` };
  writeFileSync(careless.secretFile, readFileSync(csc.secretFile), { mode: 0o644 });
  await open(keysOf(careless), { report });
  expect(notices.join()).toContain('others on this machine can read your secret key');
});
