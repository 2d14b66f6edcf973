import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

export type Random = (below: number) => number;

/** A Lehmer generator: each seed one sequence. */
export function createRandom(seed: number): Random {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Open handles hold on to it when its name goes. */
interface ModelFile {
  data: Buffer;
}

interface Opened {
  readonly handle: FileHandle;
  readonly file: ModelFile;
  readonly appends: boolean;
  readonly number: number;
}

/** Does what chance tells in a folder, as fsx does, and holds each outcome against a model in memory. */
export interface RandomProgram {
  run(operations: number): Promise<void>;
  /** Before an unmount. */
  closeAll(): Promise<void>;
  /** Every name, size and byte in `folder` is the model's. */
  compare(folder: string): Promise<void>;
  /** The last operations, to be printed when one fails. */
  readonly trace: readonly string[];
}

const names = ['a', 'b', 'c', 'ä', 'a long name with spaces'];
const longest = 300_000;
const mostOpen = 6;

export function createProgram(folder: string, random: Random): RandomProgram {
  const files = new Map<string, ModelFile>();
  const opened: Opened[] = [];
  const trace: string[] = [];
  let handles = 0;
  let writes = 0;

  const anyName = (): string => names[random(names.length)] ?? '';
  const at = (name: string): string => join(folder, name);

  function note(text: string): void {
    trace.push(text);
    if (trace.length > 30) trace.shift();
  }

  /** Bytes that tell which write they are of, and of which place in it. */
  function pattern(length: number): Buffer {
    const first = 37 * ++writes;
    const bytes = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i++) bytes[i] = (first + i * 7 + (i >> 8)) & 0xff;
    return bytes;
  }

  function put(file: ModelFile, offset: number, bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (offset + bytes.length > file.data.length) resize(file, offset + bytes.length);
    bytes.copy(file.data, offset);
  }

  function resize(file: ModelFile, size: number): void {
    const next = Buffer.alloc(size);
    file.data.copy(next);
    file.data = next;
  }

  async function openOne(): Promise<void> {
    if (opened.length >= mostOpen) return closeOne();
    const name = anyName();
    const appends = random(4) === 0;
    const empties = random(8) === 0;
    const number = ++handles;
    note(`open ${name} as ${number}${appends ? ' to append' : ''}${empties ? ' emptied' : ''}`);
    const { O_RDWR, O_CREAT, O_APPEND, O_TRUNC } = constants;
    const flags = O_RDWR | O_CREAT | (appends ? O_APPEND : 0) | (empties ? O_TRUNC : 0);
    const handle = await open(at(name), flags);
    const file = files.get(name) ?? { data: Buffer.alloc(0) };
    if (empties) resize(file, 0);
    files.set(name, file);
    opened.push({ handle, file, appends, number });
  }

  async function closeOne(): Promise<void> {
    const [one] = opened.splice(random(opened.length), 1);
    if (!one) return;
    note(`close ${one.number}`);
    await one.handle.close();
  }

  async function write({ handle, file, appends, number }: Opened): Promise<void> {
    const offset = appends ? file.data.length : random(longest);
    if (offset > longest) return;
    const bytes = pattern(random(5) === 0 ? random(150_000) : random(5000));
    note(`write ${number} ${offset}+${bytes.length}`);
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, offset);
    expect(bytesWritten, 'bytes written').toBe(bytes.length);
    put(file, offset, bytes);
  }

  async function read({ handle, file, number }: Opened): Promise<void> {
    const [offset, length] = [random(longest), random(100_000)];
    note(`read ${number} ${offset}+${length}`);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
    const expected = file.data.subarray(offset, offset + length);
    expect(bytesRead, 'bytes read').toBe(expected.length);
    expect(difference(buffer.subarray(0, bytesRead), expected), 'where what is read differs').toBe(-1);
  }

  async function cut({ handle, file, number }: Opened): Promise<void> {
    const size = random(3) === 0 ? 0 : random(longest);
    note(`truncate ${number} to ${size}`);
    await handle.truncate(size);
    resize(file, size);
  }

  async function cutByName(): Promise<void> {
    const name = anyName();
    const file = files.get(name);
    if (!file) return;
    const size = random(longest);
    note(`truncate ${name} to ${size}`);
    await truncate(at(name), size);
    resize(file, size);
  }

  async function move(): Promise<void> {
    const [from, to] = [anyName(), anyName()];
    const file = files.get(from);
    if (!file) return;
    note(`rename ${from} to ${to}`);
    await rename(at(from), at(to));
    files.delete(from);
    files.set(to, file);
  }

  async function remove(): Promise<void> {
    const name = anyName();
    if (!files.delete(name)) return;
    note(`remove ${name}`);
    await unlink(at(name));
  }

  async function look(): Promise<void> {
    note('look');
    expect((await readdir(folder)).sort()).toEqual([...files.keys()].sort());
    for (const [name, { data }] of files) expect((await stat(at(name))).size, `size of ${name}`).toBe(data.length);
    for (const { handle, file, number } of opened) {
      expect((await handle.stat()).size, `size of ${number}`).toBe(file.data.length);
    }
  }

  async function step(): Promise<void> {
    const one = opened[random(Math.max(1, opened.length))];
    const choice = random(100);
    if (choice < 10 || !one) return openOne();
    if (choice < 40) return write(one);
    if (choice < 70) return read(one);
    if (choice < 76) return cut(one);
    if (choice < 79) return cutByName();
    if (choice < 86) return closeOne();
    if (choice < 90) return move();
    if (choice < 93) return remove();
    if (choice < 96) {
      note(`sync ${one.number}`);
      return one.handle.sync();
    }
    return look();
  }

  return {
    trace,
    async run(operations) {
      for (let i = 0; i < operations; i++) await step();
    },
    async closeAll() {
      while (opened.length > 0) await closeOne();
    },
    async compare(place) {
      expect((await readdir(place)).sort()).toEqual([...files.keys()].sort());
      for (const [name, { data }] of files) {
        const found = await readFile(join(place, name));
        expect(found.length, `size of ${name}`).toBe(data.length);
        expect(difference(found, data), `where ${name} differs`).toBe(-1);
      }
    },
  };
}

/** The first place where two of one length differ; -1 where none. */
function difference(found: Uint8Array, expected: Uint8Array): number {
  if (Buffer.compare(found, expected) === 0) return -1;
  return found.findIndex((byte, index) => byte !== expected[index]);
}
