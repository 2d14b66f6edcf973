import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { concat } from '../../src/core/bytes.ts';
import { Failure } from '../../src/core/failure.ts';
import { silentReport } from '../../src/core/report.ts';
import type { Device } from '../../src/mount/device.ts';
import { createDispatcher } from '../../src/mount/dispatch.ts';
import { createFarewell } from '../../src/mount/farewell.ts';
import { createHandleTable } from '../../src/mount/handles.ts';
import { createNodeTable } from '../../src/mount/nodes.ts';
import type { Served } from '../../src/mount/operation.ts';
import { FOPEN_NOFLUSH, FUSE_OPEN_KILL_SUIDGID, openFlags } from '../../src/mount/protocol/flags.ts';
import * as messages from '../../src/mount/protocol/messages.ts';
import { opcodes } from '../../src/mount/protocol/opcodes.ts';
import { validityOf } from '../../src/mount/protocol/time.ts';
import { readRequests } from '../../src/mount/requests.ts';
import { createMemoryVfs } from './memory-vfs.ts';

/** Never has anything to read, and never tells. */
const silent = { tell() {}, wait: () => false, stop() {} };

/** A kernel in the test's hands: what it was answered, by request; whether it still listens. */
function startKernel() {
  const vfs = createMemoryVfs();
  const answers = new Map<number, { errno: number; body: Uint8Array }>();
  let isListening = true;
  const device: Device = {
    read: () => null,
    onReadable: () => silent,
    reply(parts) {
      const message = concat(parts);
      const { unique, error, len } = messages.fuse_out_header.decode(message);
      expect(len).toBe(message.length);
      if (isListening)
        answers.set(unique, { errno: Math.abs(error), body: message.subarray(messages.fuse_out_header.size) });
      return isListening;
    },
    notify: async () => {},
  };
  const served: Served = {
    vfs,
    nodes: createNodeTable(vfs.root),
    files: createHandleTable(),
    folders: createHandleTable(),
    validity: validityOf(1000),
    now: () => 0n,
    pid: 1,
    farewell: createFarewell(),
  };
  const dispatcher = createDispatcher({ device, served, allowedUsers: null, report: silentReport, greeted: () => {} });
  let last = 0;
  return {
    vfs,
    served,
    dispatcher,
    answers,
    hangUp() {
      isListening = false;
    },
    /** Sends a request, and gives what it was answered, if it was. */
    async ask(opcode: number, nodeid: number, ...body: Uint8Array[]) {
      last += 2;
      const unique = last;
      await dispatcher.handle(request(unique, opcode, nodeid, ...body));
      return answers.get(unique);
    },
  };
}

function request(unique: number, opcode: number, nodeid: number, ...body: Uint8Array[]): Uint8Array {
  const rest = concat(body);
  const len = messages.fuse_in_header.size + rest.length;
  const from = { uid: 0, gid: 0, pid: process.pid, total_extlen: 0 };
  return concat([messages.fuse_in_header.encode({ len, opcode, unique, nodeid, ...from }), rest]);
}

const name = (text: string): Uint8Array => Buffer.from(`${text}\0`);
const { errno } = constants;

describe('a request', () => {
  test('about a node that the kernel has forgotten, or of a kind that is not answered, is refused', async () => {
    const { ask } = startKernel();
    expect((await ask(opcodes.FUSE_GETATTR, 99))?.errno).toBe(errno.ESTALE);
    expect((await ask(opcodes.FUSE_POLL, 1))?.errno).toBe(errno.ENOSYS);
    expect((await ask(opcodes.FUSE_READ, 1, new Uint8Array(40)))?.errno).toBe(errno.EBADF);
  });

  test('that is cut short is no end of the mount', async () => {
    const { ask, dispatcher } = startKernel();
    await dispatcher.handle(new Uint8Array(10));
    expect((await ask(opcodes.FUSE_LOOKUP, 1, Buffer.from('no end')))?.errno).toBe(errno.EIO);
    expect((await ask(opcodes.FUSE_GETATTR, 1))?.errno).toBe(0);
  });

  test('about what is known is answered before the next one is read', async () => {
    const { dispatcher, answers } = startKernel();
    expect(dispatcher.handle(request(2, opcodes.FUSE_GETATTR, 1))).toBeUndefined();
    expect(dispatcher.handle(request(4, opcodes.FUSE_LOOKUP, 1, name('nothing')))).toBeUndefined();
    expect([...answers.keys()]).toEqual([2, 4]);
    const reading = dispatcher.handle(request(6, opcodes.FUSE_STATFS, 1));
    expect(answers.has(6)).toBe(false);
    await reading;
    expect(answers.has(6)).toBe(true);
  });

  test('to open a program and empty it leaves nothing open where what it may do cannot be taken off it', async () => {
    const { ask, vfs } = startKernel();
    const { node, close } = await vfs.makeFile(vfs.root, 'program', { read: true, write: true, truncate: false });
    await close();
    await vfs.setAttributes(node, { mode: 0o4755 });
    await ask(opcodes.FUSE_LOOKUP, 1, name('program'));
    vfs.setAttributes = async () => {
      throw new Failure('transient', 'the network is away');
    };
    const flags = openFlags.O_WRONLY | openFlags.O_TRUNC;
    const how = messages.fuse_open_in.encode({ flags, open_flags: FUSE_OPEN_KILL_SUIDGID });
    expect((await ask(opcodes.FUSE_OPEN, node.id, how))?.errno).toBe(errno.EIO);
    expect(vfs.openFiles).toBe(0);
  });

  test('to open what others have removed makes the kernel look again, as it may have to make the file', async () => {
    const { ask, vfs } = startKernel();
    const { node, close } = await vfs.makeFile(vfs.root, 'file', { read: true, write: true, truncate: false });
    await close();
    await ask(opcodes.FUSE_LOOKUP, 1, name('file'));
    vfs.open = async () => {
      throw new Failure('not-found', 'file: has been removed');
    };
    const how = messages.fuse_open_in.encode({ flags: openFlags.O_WRONLY | openFlags.O_TRUNC, open_flags: 0 });
    expect((await ask(opcodes.FUSE_OPEN, node.id, how))?.errno).toBe(errno.ESTALE);
  });

  test('to read is asked once more when its bytes are there, and answered in the turn that finds them', async () => {
    const { ask, served, vfs } = startKernel();
    const made = await vfs.makeFile(vfs.root, 'file', { read: true, write: true, truncate: false });
    await ask(opcodes.FUSE_LOOKUP, 1, name('file'));
    let triesLeft = 2;
    const readNow = (): readonly Uint8Array[] | null => (triesLeft > 0 ? null : [name('by'), name('parts')]);
    const readSoon = async (): Promise<null> => {
      triesLeft--;
      return null;
    };
    const fh = served.files.add({ ...made, readNow, readSoon });
    const read = messages.fuse_read_in.encode({ fh, offset: 0, size: 100, read_flags: 0, flags: 0 });
    const answer = await ask(opcodes.FUSE_READ, made.node.id, read);
    expect(Buffer.from(answer?.body ?? []).toString()).toBe('by\0parts\0');
  });

  test('to open a file tells of its end by close(2) only where something was written', async () => {
    const { ask, vfs } = startKernel();
    const handle = await vfs.makeFile(vfs.root, 'file', { read: false, write: true, truncate: false });
    await ask(opcodes.FUSE_LOOKUP, 1, name('file'));
    const flagsFor = async (flags: number): Promise<number> => {
      const opened = await ask(
        opcodes.FUSE_OPEN,
        handle.node.id,
        messages.fuse_open_in.encode({ flags, open_flags: 0 }),
      );
      return messages.fuse_open_out.decode(opened?.body ?? new Uint8Array()).open_flags & FOPEN_NOFLUSH;
    };
    expect(await flagsFor(openFlags.O_RDWR)).toBe(0);
    expect(await flagsFor(openFlags.O_WRONLY)).toBe(0);
    expect(await flagsFor(0)).toBe(FOPEN_NOFLUSH);
  });

  test('to write where no file can reach is refused', async () => {
    const { ask, vfs } = startKernel();
    const { node } = await vfs.makeFile(vfs.root, 'file', { read: false, write: true, truncate: false });
    await ask(opcodes.FUSE_LOOKUP, 1, name('file'));
    const opened = await ask(opcodes.FUSE_OPEN, node.id, messages.fuse_open_in.encode({ flags: 1, open_flags: 0 }));
    const { fh } = messages.fuse_open_out.decode(opened?.body ?? new Uint8Array());
    const far = { fh, offset: 2 ** 53, write_flags: 0, flags: 1 };
    const written = await ask(
      opcodes.FUSE_WRITE,
      node.id,
      messages.fuse_write_in.encode({ ...far, size: 1 }),
      name(''),
    );
    expect(written?.errno).toBe(errno.EFBIG);
    const room = messages.fuse_fallocate_in.encode({ fh, offset: 0, length: 2 ** 62, mode: 0 });
    expect((await ask(opcodes.FUSE_FALLOCATE, node.id, room))?.errno).toBe(errno.EFBIG);
    expect((await vfs.attributes(node)).size).toBe(0);
  });

  test('for nothing is an absence to remember', async () => {
    const { ask, served } = startKernel();
    const answer = await ask(opcodes.FUSE_LOOKUP, 1, name('nothing'));
    expect(messages.fuse_entry_out.decode(answer?.body ?? new Uint8Array())).toMatchObject({
      nodeid: 0,
      entry_valid: 1,
    });
    expect(served.nodes.size).toBe(0);
  });
});

describe('what the kernel was told of', () => {
  test('is forgotten one by one, or many at once', async () => {
    const { ask, served, vfs } = startKernel();
    const first = await vfs.makeFolder(vfs.root, 'a');
    const second = await vfs.makeFolder(vfs.root, 'b');
    for (const text of ['a', 'a', 'b']) await ask(opcodes.FUSE_LOOKUP, 1, name(text));
    await ask(opcodes.FUSE_FORGET, first.id, messages.fuse_forget_in.encode({ nlookup: 1 }));
    expect(served.nodes.get(first.id)).toBeDefined();
    await ask(
      opcodes.FUSE_BATCH_FORGET,
      0,
      messages.fuse_batch_forget_in.encode({ count: 2 }),
      ...[first, second].map(({ id }) => messages.fuse_forget_one.encode({ nodeid: id, nlookup: 1 })),
    );
    expect(served.nodes.size).toBe(0);
  });

  test('in a listing counts as if it had been looked up', async () => {
    const { ask, served, vfs } = startKernel();
    for (const text of ['a', 'b', 'c']) await vfs.makeFolder(vfs.root, text);
    const opened = await ask(opcodes.FUSE_OPENDIR, 1, messages.fuse_open_in.encode({ flags: 0, open_flags: 0 }));
    const { fh } = messages.fuse_open_out.decode(opened?.body ?? new Uint8Array());
    const read = { fh, offset: 0, read_flags: 0, flags: 0 };
    // Room for ".", ".." and one name.
    const page = await ask(opcodes.FUSE_READDIRPLUS, 1, messages.fuse_read_in.encode({ ...read, size: 3 * 160 + 100 }));
    expect(page?.body.length).toBe(3 * 160);
    expect(served.nodes.size).toBe(1);
  });

  test('in a listing has no attributes where it cannot be looked at, and hides no other', async () => {
    const { ask, served, vfs } = startKernel();
    const [, barred] = [await vfs.makeFolder(vfs.root, 'a'), await vfs.makeFolder(vfs.root, 'b')];
    const { attributes } = vfs;
    vfs.attributes = (node) => {
      if (node === barred) throw new Failure('denied', 'no permission to HEAD');
      return attributes(node);
    };
    const opened = await ask(opcodes.FUSE_OPENDIR, 1, messages.fuse_open_in.encode({ flags: 0, open_flags: 0 }));
    const { fh } = messages.fuse_open_out.decode(opened?.body ?? new Uint8Array());
    const read = messages.fuse_read_in.encode({ fh, offset: 0, read_flags: 0, flags: 0, size: 4096 });
    const page = await ask(opcodes.FUSE_READDIRPLUS, 1, read);
    expect(page?.errno).toBe(0);
    expect(page?.body.length).toBe(4 * 160);
    expect(served.nodes.size).toBe(1);
  });

  test('does not count where the kernel did not listen, and what was opened for it is closed', async () => {
    const { ask, served, vfs, hangUp } = startKernel();
    hangUp();
    const create = { flags: 1, mode: 0o100644, umask: 0, open_flags: 0 };
    expect(await ask(opcodes.FUSE_CREATE, 1, messages.fuse_create_in.encode(create), name('new'))).toBeUndefined();
    expect(served.nodes.size).toBe(0);
    expect(vfs.openFiles).toBe(0);
  });
});

test('the bytes of a large request stay as they are until it is answered', async () => {
  const sizes = [1 << 20, 100, 1 << 20, 1 << 20];
  let sent = 0;
  const device: Device = {
    read(buffer) {
      const size = sizes[sent];
      if (size === undefined) return null;
      buffer.fill(++sent, 0, size);
      return size;
    },
    onReadable: () => silent,
    reply: () => true,
    notify: async () => {},
  };
  const handled: number[][] = [];
  await readRequests(
    device,
    async (message) => {
      const first = message[0];
      await new Promise((resolve) => setTimeout(resolve, 5));
      handled.push([message.length, first ?? 0, message.at(-1) ?? 0]);
    },
    () => {},
  );
  expect(handled.sort()).toEqual([
    [100, 2, 2],
    [1 << 20, 1, 1],
    [1 << 20, 3, 3],
    [1 << 20, 4, 4],
  ]);
});

test('a request that comes later is read when the kernel says so, and none after the end', async () => {
  const kernel = startDevice();
  kernel.waiting.push('first', 'second');
  const ended = kernel.read();
  expect(kernel.handled).toEqual(['first', 'second']);
  kernel.waiting.push('third');
  kernel.signal();
  kernel.signal();
  expect(kernel.handled).toEqual(['first', 'second', 'third']);
  kernel.end();
  kernel.signal();
  await ended;
  expect([kernel.isHeard(), kernel.isUnmounted()]).toEqual([false, true]);
});

test('requests that come one upon the other are waited for, and told of again after a pause', async () => {
  const kernel = startDevice();
  const ended = kernel.read();
  kernel.waiting.push('first');
  kernel.signal();
  // However slow this machine is, one of them comes soon enough after the one before.
  while (kernel.told.length === 0) {
    kernel.waiting.push('soon');
    kernel.signal();
  }
  expect(kernel.told).toEqual([false]);
  kernel.comesWhileWaited.push('next', 'last');
  await turns();
  expect(kernel.handled.slice(-2)).toEqual(['next', 'last']);
  expect(kernel.told).toEqual([false, true]);
  kernel.end();
  kernel.signal();
  await ended;
});

test('what comes between the last wait and the next signal is read', async () => {
  const kernel = startDevice();
  const ended = kernel.read();
  while (kernel.told.length === 0) {
    kernel.waiting.push('soon');
    kernel.signal();
  }
  kernel.comesUnheard.push('unheard');
  await turns();
  expect(kernel.handled.at(-1)).toBe('unheard');
  kernel.end();
  kernel.signal();
  await ended;
});

test('nobody waits for requests while one is worked on', async () => {
  const kernel = startDevice();
  let answer = (): void => {};
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const ended = kernel.read((text) => (text === 'slow' ? slow : undefined));
  while (kernel.told.length === 0) {
    kernel.waiting.push('soon');
    kernel.signal();
  }
  kernel.comesWhileWaited.push('slow');
  kernel.comesWhileWaited.push('not waited for');
  await turns();
  expect(kernel.handled.at(-1)).toBe('slow');
  expect(kernel.told.at(-1)).toBe(true);
  answer();
  kernel.end();
  kernel.signal();
  await ended;
});

/** A device whose requests are texts. */
function startDevice() {
  const waiting: string[] = [];
  const comesWhileWaited: string[] = [];
  const comesUnheard: string[] = [];
  const told: boolean[] = [];
  const handled: string[] = [];
  let isGone = false;
  let isUnmounted = false;
  let listener: (() => void) | null = null;
  const device: Device = {
    read(buffer) {
      const next = waiting.shift();
      if (next === undefined) return isGone ? null : 0;
      buffer.set(Buffer.from(next));
      return next.length;
    },
    onReadable(added) {
      listener = added;
      return {
        tell(isOn) {
          told.push(isOn);
          if (isOn) waiting.push(...comesUnheard.splice(0));
        },
        wait() {
          const next = comesWhileWaited.shift();
          if (next !== undefined) waiting.push(next);
          return next !== undefined;
        },
        stop() {
          listener = null;
        },
      };
    },
    reply: () => true,
    notify: async () => {},
  };
  return {
    waiting,
    comesWhileWaited,
    comesUnheard,
    told,
    handled,
    signal: () => listener?.(),
    isHeard: () => listener !== null,
    isUnmounted: () => isUnmounted,
    end() {
      isGone = true;
    },
    read: (answer: (text: string) => Promise<void> | undefined = () => undefined) =>
      readRequests(
        device,
        (message) => {
          const text = Buffer.from(message).toString();
          handled.push(text);
          return answer(text);
        },
        () => {
          isUnmounted = true;
        },
      ),
  };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}
