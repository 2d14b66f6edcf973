import { describe, expect, test } from 'vitest';
import { isFailure } from '../../../src/core/failure.ts';
import type { Handle } from '../../../src/vfs/vfs.ts';
import { type Bench, toWrite } from './bench.ts';

/** Random programs against a model in memory. A failing run prints its seed, which `VFS_SEED` repeats. */
export function modelSuite(newBench: () => Bench, operations: number): void {
  describe('random programs', () => {
    const given = process.env.VFS_SEED;
    const seeds = given ? [Number(given)] : [1, 2, Math.floor(Math.random() * 2 ** 31)];
    for (const seed of seeds) {
      test(`do what they do in memory, seed ${seed}`, async () => {
        await runProgram(newBench(), createRandom(seed), operations);
      });
    }
  });
}

type Random = (below: number) => number;

/** A Lehmer generator: each seed one sequence. */
function createRandom(seed: number): Random {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** A file of the model: open handles hold on to it when its name goes. */
interface ModelFile {
  data: Uint8Array;
}

type Model = Map<string, ModelFile | 'folder'>;

interface OpenedFile {
  readonly handle: Handle;
  readonly file: ModelFile;
}

const names = ['a', 'b', 'c', 'ä', 'dir', 'sub'];
const longest = 150_000;

async function runProgram(bench: Bench, random: Random, operations: number): Promise<void> {
  const model: Model = new Map();
  const opened: OpenedFile[] = [];
  const trace: string[] = [];
  try {
    for (let i = 0; i < operations; i++) await step(bench, model, opened, random, trace);
    for (const { handle } of opened) {
      await handle.flush();
      await handle.close();
    }
    await compare(bench, model);
    await bench.vfs.drain();
    const expected = [...model].flatMap(([path, file]) =>
      file === 'folder' ? [] : [[path, Buffer.from(file.data).toString('latin1')] as const],
    );
    const found = await bench.behind.tree();
    expect(Object.keys(found).sort()).toEqual(expected.map(([path]) => path).sort());
    for (const [path, text] of expected) expect(found[path] === text, `${path} on the remote`).toBe(true);
    bench.vfs.invalidate();
    await compare(bench, model);
  } catch (error) {
    throw new Error(`after ${trace.slice(-25).join('; ')}`, { cause: error });
  }
}

async function step(bench: Bench, model: Model, opened: OpenedFile[], random: Random, trace: string[]): Promise<void> {
  const folders = ['', ...[...model].flatMap(([path, file]) => (file === 'folder' ? [path] : []))];
  const place = (): string => {
    const folder = folders[random(folders.length)] ?? '';
    return `${folder === '' || folder.split('/').length > 2 ? '' : `${folder}/`}${names[random(names.length)]}`;
  };
  const handle = opened.length > 0 ? opened[random(opened.length)] : undefined;
  const choice = random(20);
  if (choice < 3) return makeOrOpen(bench, model, opened, place(), trace);
  if (choice < 8 && handle) return write(handle, random, trace);
  if (choice < 10 && handle) return read(handle, random, trace);
  if (choice === 10 && handle) return close(opened, handle, trace);
  if (choice === 11 && handle) return truncate(bench, handle, random, trace);
  if (choice === 12) return makeFolder(bench, model, place(), trace);
  if (choice === 13) return remove(bench, model, place(), trace);
  if (choice < 17) return rename(bench, model, place(), place(), trace);
  if (choice === 17) return invalidate(bench, trace);
  if (choice === 18 && handle) return sync(handle, trace);
  await compare(bench, model);
}

async function makeOrOpen(bench: Bench, model: Model, opened: OpenedFile[], path: string, trace: string[]) {
  const known = model.get(path);
  if (known === 'folder' || opened.length > 6) return;
  trace.push(`open ${path}`);
  const file = known ?? { data: new Uint8Array(0) };
  model.set(path, file);
  opened.push({ file, handle: known ? await bench.open(path, toWrite) : await bench.create(path) });
}

async function write({ handle, file }: OpenedFile, random: Random, trace: string[]) {
  const offset = random(longest);
  const data = new Uint8Array(random(30_000)).fill(random(256));
  trace.push(`write ${handle.node.id} ${offset}+${data.length}`);
  await handle.write(offset, data);
  if (data.length === 0) return;
  const next = new Uint8Array(Math.max(file.data.length, offset + data.length));
  next.set(file.data);
  next.set(data, offset);
  file.data = next;
}

async function read({ handle, file }: OpenedFile, random: Random, trace: string[]) {
  const [offset, length] = [random(longest), random(60_000)];
  trace.push(`read ${handle.node.id} ${offset}+${length}`);
  const found = await handle.read(offset, length);
  expect(Buffer.compare(found, file.data.subarray(offset, offset + length)), 'bytes read').toBe(0);
}

async function truncate(bench: Bench, { handle, file }: OpenedFile, random: Random, trace: string[]) {
  const size = random(3) === 0 ? 0 : random(longest);
  trace.push(`truncate ${handle.node.id} ${size}`);
  await bench.vfs.setAttributes(handle.node, { size });
  const next = new Uint8Array(size);
  next.set(file.data.subarray(0, size));
  file.data = next;
}

async function close(opened: OpenedFile[], item: OpenedFile, trace: string[]) {
  trace.push(`close ${item.handle.node.id}`);
  opened.splice(opened.indexOf(item), 1);
  await item.handle.flush();
  await item.handle.close();
}

async function sync({ handle }: OpenedFile, trace: string[]) {
  trace.push(`sync ${handle.node.id}`);
  await handle.sync();
}

async function makeFolder(bench: Bench, model: Model, path: string, trace: string[]) {
  if (model.has(path)) return;
  trace.push(`mkdir ${path}`);
  await bench.makeFolder(path);
  model.set(path, 'folder');
}

async function remove(bench: Bench, model: Model, path: string, trace: string[]) {
  const known = model.get(path);
  if (!known) return;
  trace.push(`remove ${path}`);
  if (known !== 'folder') await bench.remove(path);
  else if (below(model, path).length === 0) await bench.removeFolder(path);
  else return;
  model.delete(path);
}

async function rename(bench: Bench, model: Model, from: string, to: string, trace: string[]) {
  const known = model.get(from);
  if (!known) return;
  trace.push(`rename ${from} ${to}`);
  const target = model.get(to);
  const isLegal =
    known === 'folder'
      ? !to.startsWith(`${from}/`) && (from === to || !target || (target === 'folder' && below(model, to).length === 0))
      : target !== 'folder';
  try {
    await bench.rename(from, to);
    expect(isLegal, `the rename of ${from} to ${to} is legal`).toBe(true);
  } catch (error) {
    if (isLegal || !isFailure(error, 'exists', 'is-folder', 'not-empty', 'usage')) throw error;
    return;
  }
  if (from === to) return;
  const moved = [from, ...(known === 'folder' ? below(model, from) : [])];
  for (const path of moved) {
    const item = model.get(path);
    model.delete(path);
    if (item) model.set(to + path.slice(from.length), item);
  }
}

async function invalidate({ vfs }: Bench, trace: string[]) {
  trace.push('invalidate');
  vfs.invalidate();
}

function below(model: Model, folder: string): string[] {
  return [...model.keys()].filter((path) => path.startsWith(`${folder}/`));
}

/** The tree as the Vfs shows it is the model's. */
async function compare(bench: Bench, model: Model): Promise<void> {
  const folders = ['', ...[...model].flatMap(([path, file]) => (file === 'folder' ? [path] : []))];
  for (const folder of folders) {
    const prefix = folder === '' ? '' : `${folder}/`;
    const expected = [...model]
      .filter(([path]) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .map(([path, file]) => path.slice(prefix.length) + (file === 'folder' ? '/' : ''));
    expect(await bench.names(folder)).toEqual(expected.sort());
  }
  for (const [path, file] of model) {
    if (file === 'folder') continue;
    expect((await bench.vfs.attributes(await bench.node(path))).size, `size of ${path}`).toBe(file.data.length);
    expect(Buffer.compare(await bench.bytes(path), file.data), `bytes of ${path}`).toBe(0);
  }
}
