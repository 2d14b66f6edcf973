import { throwIfCancelled } from '../../core/cancel.ts';
import type { FileEntry } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import { createVersionAtHand } from '../at-hand.ts';
import { createEnds } from '../ends.ts';
import { type ReadChunks, rangeOf, remoteBytes } from '../remote-bytes.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { replacedFailure } from '../version.ts';
import { type Download, type Sink, startDownload } from './download.ts';
import { blockSize } from './slots.ts';

/** Brings the blocks of one version of a file from the remote. Whoever reads where another's download is about to come
 *  shares it; who reads on from where one ended gets one that runs ahead of him. */
export interface Downloads {
  /** True once no block from `first` up to `end` is missing any more; false once this was stopped, even while the remote
   *  hangs. */
  fetch(first: number, end: number, signal?: AbortSignal): Promise<boolean>;
  /** The bytes from `start` up to `end`, which are missing, if they are read on their own and the store has them at hand;
   *  otherwise null. They are there until the next call. */
  readNow(start: number, end: number): Uint8Array | null;
  /** Somebody reads the blocks from `first` up to `end`: a download that runs ahead of him goes on. */
  readOn(first: number, end: number): void;
  /** For ever. */
  stop(): void;
}

export interface DownloadOptions extends ReadChunks {
  /** Bytes to fetch beyond what a sequential reader was given (`--vfs-read-ahead`), on top of what is fetched ahead anyway. */
  readonly readAhead: number;
}

// In blocks. The kernel asks for 128 or 512 KiB ahead: it has to find them there.
const firstAhead = 8;
const mostAhead = 256;
// A download this close before the block that is wanted is waited for.
const near = 32;
const mostDownloads = 64;
const idleTime = 10_000; // milliseconds

export function createDownloads(remote: Remote, entry: FileEntry, options: DownloadOptions, blocks: Sink): Downloads {
  const running = new Set<Download>();
  const ahead = new Map<Download, number>();
  // Blocks where single requests ended, and bytes where reads at hand did.
  const ends = createEnds();
  const endsAtHand = createEnds();
  const lastBlock = Math.ceil(entry.size / blockSize);
  const atHand = createVersionAtHand(remote, entry);
  let sweeping: NodeJS.Timeout | undefined;
  let isStopped = false;

  function drop(download: Download): void {
    download.stop();
    running.delete(download);
    ahead.delete(download);
    if (running.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  }

  function sweep(): void {
    const oldest = performance.now() - idleTime;
    for (const download of running) {
      if (download.isOver || (download.isPaused && download.usedAt < oldest)) drop(download);
    }
  }

  function makeRoom(): void {
    if (running.size < mostDownloads) return;
    sweep();
    for (const download of running) if (download.isPaused && running.size >= mostDownloads) drop(download);
  }

  function start(first: number, end: number): Download {
    makeRoom();
    const isSequential = first === 0 || ends.delete(first);
    const offset = first * blockSize;
    const download = isSequential
      ? startDownload(remoteBytes(remote, entry, offset, options), first, lastBlock, limitOf(end, firstAhead), blocks)
      : startDownload(rangeOf(remote, entry, offset, sizeTo(end)), first, end, end, blocks);
    if (isSequential) ahead.set(download, firstAhead);
    else ends.add(end);
    running.add(download);
    sweeping ??= setInterval(sweep, idleTime).unref();
    return download;
  }

  const sizeTo = (end: number): number => Math.min(end * blockSize, entry.size);

  /** All downloads together must find room in memory. */
  function limitOf(end: number, blocksAhead: number): number {
    const share = Math.max(firstAhead, Math.floor(mostAhead / Math.max(1, ahead.size)));
    return end + Math.min(blocksAhead, share) + Math.ceil(Math.max(0, options.readAhead) / blockSize);
  }

  function extend(download: Download, end: number): void {
    const blocksAhead = ahead.get(download);
    if (blocksAhead !== undefined) ahead.set(download, Math.min(blocksAhead * 2, mostAhead));
    download.allow(blocksAhead === undefined ? Math.min(end, download.end) : limitOf(end, blocksAhead));
  }

  /** The one that brings `block` soonest. */
  function downloadFor(block: number): Download | undefined {
    let best: Download | undefined;
    for (const download of running) {
      if (download.isOver) continue;
      const isComing = download.next <= block && block < download.end && block - download.next <= near;
      if (isComing && (!best || download.next > best.next)) best = download;
    }
    return best;
  }

  return {
    async fetch(first, end, signal) {
      for (;;) {
        throwIfCancelled(signal, entry.path);
        const block = blocks.missing(first, end);
        if (block === null) return true;
        if (isStopped) return false;
        const shared = downloadFor(block);
        const download = shared ?? start(block, end);
        if (shared) extend(shared, end);
        try {
          await unlessAborted(download.moved(), signal);
        } catch (error) {
          drop(download);
          // It may have stood idle for too long, or failed for another reader: one of our own tells.
          if (!shared) throw error;
        }
        if (!download.isOver) continue;
        if (!shared && !download.isStopped && blocks.missing(block, block + 1) !== null)
          throw replacedFailure(entry.path);
        drop(download);
      }
    },
    readNow(start, end) {
      const first = Math.floor(start / blockSize);
      const isReadThrough = endsAtHand.delete(start);
      if (isReadThrough) ends.add(first);
      if (isReadThrough || start === 0 || downloadFor(first)) return null;
      const bytes = atHand.read(start, end);
      if (bytes) endsAtHand.add(end);
      return bytes;
    },
    readOn(first, end) {
      for (const download of running) {
        const blocksAhead = ahead.get(download);
        if (blocksAhead === undefined || download.isOver) continue;
        if (end <= download.next + near && download.next - first <= 2 * mostAhead) extend(download, end);
      }
    },
    stop() {
      isStopped = true;
      atHand.close();
      for (const download of [...running]) drop(download);
    },
  };
}
