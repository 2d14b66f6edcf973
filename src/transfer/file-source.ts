import { createHash } from 'node:crypto';
import type { Bytes, Range, Source } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import type { Location, OpenedFile } from '../core/remote.ts';
import { counted } from './counted.ts';
import type { Session } from './session.ts';

/** The bytes of a file, for whoever writes them: held against the store's own MD5 when they are read whole, and the same
 *  bytes each time. A file that was changed in between throws Failure('changed'): sealed under one nonce, two versions
 *  of a file would give both away. `opened` is the file where it is being read already; `onBytes` is told the length of
 *  each piece. */
export function fileSource(
  session: Session,
  from: Location,
  file: FileEntry,
  onBytes: (length: number) => void,
  opened: OpenedFile | null,
): Source {
  const path = joinPath(from.path, file.path);
  const call = { signal: session.signal };
  const known = file.hashes?.md5 ?? opened?.entry.hashes?.md5;
  const md5 = session.options.ignoreChecksum || from.remote.features.slowHashes ? undefined : known;
  let opens = 0;
  return {
    size: file.size < 0 ? null : file.size,
    replayable: true,
    md5: async () => known ?? (await from.remote.hash?.(path, 'md5', call)) ?? null,
    open(range?: Range) {
      const isFirst = opens++ === 0;
      const isWhole = (range?.start ?? 0) === 0 && (range?.end ?? file.size) >= file.size;
      const expected = isWhole ? md5 : undefined;
      // With a range, a store's own look at the MD5 is left out: once is enough.
      const read = () => from.remote.read(path, expected ? { start: 0 } : range, call);
      const bytes = !isFirst ? again(read) : opened && isWhole ? opened.bytes : read();
      return counted(expected ? verified(bytes, expected, file.path) : bytes, onBytes);
    },
  };

  async function* again(read: () => Bytes): Bytes {
    requireSame(file, await from.remote.stat(path, call));
    yield* read();
  }
}

function requireSame(then: FileEntry, now: FileEntry): void {
  const isOther =
    now.size !== then.size ||
    (then.modified !== null && now.modified !== then.modified) ||
    (then.tag !== undefined && now.tag !== then.tag);
  if (isOther) throw new Failure('changed', "can't copy - source file is being updated", { path: then.path });
}

async function* verified(bytes: Bytes, md5: string, path: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('md5');
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
  const actual = hash.digest('hex');
  if (actual !== md5) {
    const message = `corrupted on transfer: md5 hashes differ "${md5}" vs "${actual}"`;
    throw new Failure('corrupt', message, { path, retryable: true });
  }
}
