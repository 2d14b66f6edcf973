import { createHash } from 'node:crypto';
import { collect, type Range, type Source, sourceOf } from '../../../src/core/bytes.ts';
import type { Entry } from '../../../src/core/entry.ts';
import { Failure, type FailureKind } from '../../../src/core/failure.ts';
import { joinPath } from '../../../src/core/path.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';

/** A remote on the bench, and short words for what the suites do with it. */
export interface Bench {
  readonly remote: Remote;
  /** A folder of its own for one test. */
  folder(): string;
  put(path: string, data: Uint8Array | string, modified?: bigint): Promise<void>;
  get(path: string, range?: Range): Promise<Uint8Array>;
  text(path: string): Promise<string>;
  list(dir: string): Promise<Entry[]>;
  /** The names in `dir`, sorted; folders end in `/`. Empty where the folder does not exist. */
  names(dir: string): Promise<string[]>;
}

/** 2024-02-29 12:34:56 and a fraction that shows what precision a store keeps. */
export const leapDay = 1_709_210_096_123_456_789n;

export function createBench({ remote, path: root }: Location): Bench {
  let folders = 0;
  const list = (dir: string) => entriesOf(remote.list(dir));
  const get = (path: string, range?: Range) => collect(remote.read(path, range));
  return {
    remote,
    folder: () => joinPath(root, `test-${folders++}`),
    async put(path, data, modified = leapDay) {
      await remote.write(path, sourceOf(typeof data === 'string' ? Buffer.from(data) : data), { modified });
    },
    get,
    text: async (path) => Buffer.from(await get(path)).toString(),
    list,
    async names(dir) {
      const entries = await list(dir).catch((error: unknown) => {
        if (error instanceof Failure && error.kind === 'folder-not-found') return [];
        throw error;
      });
      return entries.map(({ path, kind }) => path.slice(dir.length + 1) + (kind === 'folder' ? '/' : '')).sort();
    },
  };
}

/** Every entry of a listing or a sweep. */
export async function entriesOf(pages: AsyncIterable<readonly Entry[]>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const page of pages) entries.push(...page);
  return entries;
}

/** Bytes that repeat nowhere at a chunk's distance, the same in every run. */
export function patterned(size: number): Uint8Array {
  const data = new Uint8Array(size);
  const words = new Uint32Array(data.buffer, 0, size >> 2);
  for (let i = 0, x = 0x9e3779b9; i < words.length; i++) words[i] = x = (Math.imul(x, 0x915f77f5) + i) >>> 0;
  for (let i = words.length * 4; i < size; i++) data[i] = i;
  return data;
}

export function digest(data: Uint8Array, type = 'sha256'): string {
  return createHash(type).update(data).digest('hex');
}

/** The kind of the Failure that `action` ends in. */
export async function failureOf(action: Promise<unknown>): Promise<FailureKind> {
  const outcome = await action.then(
    () => 'no failure at all',
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome.kind;
  throw new Error(`expected a Failure, got ${outcome}`, { cause: outcome });
}

/** A source of `size` bytes that gives `given` of them in pieces, then calls `end`. */
export function brokenSource(size: number | null, given: number, end: () => void | Promise<void>): Source {
  return {
    size,
    replayable: true,
    async *open(range = { start: 0 }) {
      const pieceSize = 65_536;
      for (let offset = range.start; offset < given; offset += pieceSize) {
        yield patterned(Math.min(pieceSize, given - offset));
      }
      await end();
    },
  };
}
