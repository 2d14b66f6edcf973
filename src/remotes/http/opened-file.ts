import type { TransportSettings } from '../../core/backend.ts';
import type { Bytes } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import type { OpenedFile } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { type BegunRead, beginRead, type ResumableRead } from './resume.ts';

/** Begins to read a whole file, and describes it by the headers that come before its bytes. */
export async function openedFile(
  settings: Pick<TransportSettings, 'lowLevelRetries'>,
  report: Report,
  read: ResumableRead,
  describe: (headers: BegunRead['headers']) => FileEntry,
): Promise<OpenedFile> {
  const begun = await beginRead(settings, report, read);
  if (!begun) {
    const { path } = read;
    throw new Failure('unsupported', `${path}: the store gives a part of it where it was asked for all`, { path });
  }
  try {
    return new Opened(describe(begun.headers), begun);
  } catch (error) {
    await begun.close();
    throw error;
  }
}

class Opened implements OpenedFile {
  readonly entry: FileEntry;
  readonly #begun: BegunRead;

  constructor(entry: FileEntry, begun: BegunRead) {
    this.entry = entry;
    this.#begun = begun;
  }

  get bytes(): Bytes {
    return this.#begun.bytes;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#begun.close();
  }
}
