import { collect, noBytes } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { FileEntry } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import { timerDelay } from '../../core/timer.ts';
import { createVersionAtHand } from '../at-hand.ts';
import { createEnds } from '../ends.ts';
import { createIdleSet } from '../idle-set.ts';
import { type ReadChunks, rangeOf, remoteBytes } from '../remote-bytes.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { createStream, type Stream } from './stream.ts';

/** Reads anywhere in one version of a file. A read that goes on where another ended shares its request. */
export interface Reader {
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** As `Content.readNow`, of a file that the store has at hand. */
  readNow(offset: number, length: number): Uint8Array | null;
  /** Ends the requests that wait to go on. */
  stop(): void;
}

export interface ReaderOptions extends ReadChunks {
  /** Milliseconds to wait for the read just before one that came too early (`--vfs-read-wait`). */
  readonly wait: number;
}

const mostStreams = 64;
// Of all files: each keeps up to 2 MiB in memory, and a request or a descriptor.
const idleStreams = createIdleSet<Stream>(64);
const idleTime = 30_000; // milliseconds
// The kernel keeps this much under way at most: a read further ahead is no early one.
const earlyBytes = 1 << 20;

export function createReader(remote: Remote, entry: FileEntry, options: ReaderOptions): Reader {
  const streams = new Set<Stream>();
  // A second read from there begins a stream.
  const ends = createEnds();
  const atHand = createVersionAtHand(remote, entry);
  let sweeping: NodeJS.Timeout | undefined;

  function drop(stream: Stream): void {
    if (!streams.delete(stream)) return;
    idleStreams.delete(stream);
    // What a stream fails with while it is closed concerns nobody any more.
    stream.close().catch(() => {});
  }

  function noteIdle(stream: Stream): void {
    if (!stream.isBusy && streams.has(stream)) idleStreams.add(stream, () => drop(stream));
  }

  function sweep(): void {
    const oldest = performance.now() - idleTime;
    for (const stream of streams) if (!stream.isBusy && stream.usedAt < oldest) drop(stream);
    if (streams.size === 0) {
      clearInterval(sweeping);
      sweeping = undefined;
    }
  }

  function openStream(offset: number): Stream {
    const stream = createStream(remoteBytes(remote, entry, offset, options), offset);
    streams.add(stream);
    sweeping ??= setInterval(sweep, idleTime).unref();
    return stream;
  }

  function makeRoom(): boolean {
    if (streams.size < mostStreams) return true;
    const idle = [...streams].filter((stream) => !stream.isBusy).sort((a, b) => a.usedAt - b.usedAt)[0];
    if (idle) drop(idle);
    return idle !== undefined;
  }

  /** Gives a read just before this one, that comes after it, a moment to come. */
  async function awaitTurn(offset: number): Promise<void> {
    for (const until = performance.now() + options.wait; ; ) {
      const behind = find(streams, ({ end }) => end < offset && offset - end <= earlyBytes);
      const left = until - performance.now();
      if (!behind || left <= 0 || find(streams, ({ end }) => end === offset)) return;
      await eitherOf(behind.moved(), left);
    }
  }

  /** The stream that goes on at `offset`, or a new one; null where a request of its own is better. */
  function streamAt(offset: number): Stream | null {
    const ready = find(streams, ({ end }) => end === offset);
    if (ready) return ready;
    return (offset === 0 || ends.delete(offset)) && makeRoom() ? openStream(offset) : null;
  }

  async function readAlone(offset: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await collect(rangeOf(remote, entry, offset, end, signal));
    ends.add(end);
    return bytes;
  }

  /** Whether a read from here is made on its own. */
  const isAlone = (offset: number): boolean =>
    offset > 0 && !ends.has(offset) && !find(streams, ({ end }) => end <= offset && offset - end <= earlyBytes);

  return {
    async read(offset, length, signal) {
      const end = Math.min(offset + length, entry.size);
      if (end <= offset) return noBytes;
      await awaitTurn(offset);
      throwIfCancelled(signal, entry.path);
      const stream = streamAt(offset);
      if (!stream) return readAlone(offset, end, signal);
      const wasShared = stream.isBusy;
      idleStreams.delete(stream);
      try {
        const bytes = await unlessAborted(stream.take(end - offset), signal);
        throwIfCancelled(signal, entry.path);
        if (stream.end >= entry.size) drop(stream);
        else noteIdle(stream);
        return bytes ?? noBytes;
      } catch (error) {
        if (signal?.aborted) throw error;
        drop(stream);
        // It may be the read before that failed.
        if (!wasShared) throw error;
        return readAlone(offset, end, signal);
      }
    },
    readNow(offset, length) {
      const end = Math.min(offset + length, entry.size);
      const bytes = end > offset && isAlone(offset) ? atHand.read(offset, end) : null;
      if (bytes) ends.add(end);
      return bytes;
    },
    stop() {
      atHand.close();
      clearInterval(sweeping);
      sweeping = undefined;
      for (const stream of streams) drop(stream);
    },
  };
}

function find<T>(items: Iterable<T>, test: (item: T) => boolean): T | undefined {
  for (const item of items) if (test(item)) return item;
  return undefined;
}

function eitherOf(promise: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timerDelay(milliseconds));
    void promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
