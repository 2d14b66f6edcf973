import { beforeEach, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { openBytes } from '../../../src/formats/crypt4gh/file.ts';
import { parseHeader } from '../../../src/formats/crypt4gh/header.ts';
import { withRecipients } from '../../../src/formats/crypt4gh/recipients.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { changeReaders } from '../../../src/sharing/recipients/change.ts';
import type { HeaderChange } from '../../../src/sharing/recipients/rewrite.ts';
import { sealedTreeAt } from '../../../src/sharing/recipients/sealed-tree.ts';
import { surveyReaders } from '../../../src/sharing/recipients/survey.ts';
import { createPeople, crypt4ghOver, keysOf } from '../../remotes/crypt4gh/crypt4gh-over.ts';
import { testSession } from '../../transfer/session.ts';

const person = createPeople();
const [ada, csc, bob] = await Promise.all([person('ada'), person('csc'), person('bob')]);
const time = 1_000_000_000n;
const files = { 'a.txt': 'a', 'sub/b.txt': 'bb', 'sub/c.txt': '' };

let store: Remote;
let remote: Remote;
let at: Location;
beforeEach(async () => {
  store = createMemoryRemote();
  remote = await crypt4ghOver({ remote: store, path: 'bucket' }, keysOf(ada, csc));
  at = { remote, path: '' };
  for (const [path, content] of Object.entries(files)) {
    await remote.write(path, sourceOf(Buffer.from(content)), { modified: time });
  }
});

const sealed = (path: string) => collect(store.read(`bucket/${path}.c4gh`));
const addBob: HeaderChange = (packets, path) =>
  withRecipients(packets, [bob.public], { pair: ada, candidates: [], path });
const add = (session = testSession(), change = addBob) =>
  changeReaders(session, sealedTreeAt(at), null, 'add recipients to', change);

describe('a change of recipients', () => {
  test('lets others open what is there, and keeps its content and time', async () => {
    expect(await add()).toEqual({ movedByStore: 0, sentAnew: 3, unchanged: 0 });
    for (const [path, content] of Object.entries(files)) {
      for (const reader of [ada, csc, bob])
        expect(openBytes(await sealed(path), reader).plain.toString()).toBe(
          new Uint8Array(Buffer.from(content)).toString(),
        );
      expect(await remote.stat(path)).toMatchObject({ modified: time, size: content.length });
    }
  });

  test('that is made again finds nothing to do', async () => {
    await add();
    expect(await add()).toEqual({ movedByStore: 0, sentAnew: 0, unchanged: 3 });
    expect(parseHeader(await sealed('a.txt'), 'a.txt').packets).toHaveLength(3);
  });

  test('is only told of in a dry run', async () => {
    const before = await sealed('a.txt');
    const session = testSession({ dryRun: true });
    expect(await add(session)).toMatchObject({ unchanged: 3 });
    expect(session.lines.filter((line) => line.startsWith('NOTICE'))).toHaveLength(3);
    expect(await sealed('a.txt')).toEqual(before);
  });

  test('counts a file that the owner cannot open, and goes on', async () => {
    const others = await crypt4ghOver({ remote: store, path: 'bucket' }, { recipients: csc.publicFile });
    await others.write('sub/b.txt', sourceOf(Buffer.from('sealed to others')), {});
    const session = testSession();
    expect(await add(session)).toMatchObject({ sentAnew: 2 });
    expect(session.progress.errors).toBe(1);
    expect(session.lines.find((line) => line.startsWith('ERROR'))).toContain('sub/b.txt: not sealed to your key');
  });

  test('is taken up where it was interrupted, and no file is ever half', async () => {
    const { write } = store;
    let writes = 0;
    store.write = async (...args) => {
      if (++writes === 2) throw new Failure('fatal', 'the machine has lost its power');
      return write(...args);
    };
    await expect(add(testSession({ transfers: 1 }))).rejects.toThrow('lost its power');
    for (const path of Object.keys(files)) openBytes(await sealed(path), ada);
    expect(await add()).toEqual({ movedByStore: 0, sentAnew: 2, unchanged: 1 });
  });

  test('does not touch a file that another has just replaced', async () => {
    const { read } = store;
    let isReplaced = false;
    store.read = async function* (path, range, call) {
      const header = await collect(read(path, range, call));
      if (!isReplaced && path.includes('a.txt')) {
        isReplaced = true;
        await remote.write('a.txt', sourceOf(Buffer.from('newer')), { modified: time + 1n });
      }
      yield header;
    };
    const session = testSession();
    await add(session);
    expect(session.progress.errors).toBe(1);
    expect(session.lines.find((line) => line.startsWith('ERROR'))).toContain('was changed in the meantime');
    expect(Buffer.from(openBytes(await sealed('a.txt'), csc).plain).toString()).toBe('newer');
  });
});

describe('who can open the files', () => {
  test('is counted for those who are known, and for the others together', async () => {
    const box = await crypt4ghOver(
      { remote: store, path: 'bucket' },
      { recipients: `${ada.publicFile},${bob.publicFile}` },
    );
    await box.write('from-a-box', sourceOf(Buffer.from('x')), {});
    const keys = [ada, csc, bob].map((one) => one.public);
    expect(await surveyReaders(testSession(), sealedTreeAt(at), keys, null)).toEqual({
      counts: [4, 3, 0],
      unknown: 1,
      files: 4,
    });
  });

  test('is a question for a remote of type crypt4gh whose owner has a key', async () => {
    expect(() => sealedTreeAt({ remote: store, path: '' })).toThrow('not a remote of type crypt4gh');
    const box = await crypt4ghOver({ remote: store, path: 'bucket' }, { recipients: csc.publicFile });
    expect(() => sealedTreeAt({ remote: box, path: '' })).toThrow('has no secret_key');
  });
});
