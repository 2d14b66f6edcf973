import { noBytes, type Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import { createReader, type Reader, type ReaderOptions } from './reader.ts';
import type { Spool } from './spool.ts';
import { spoolFrom } from './spool-from.ts';

/** How bytes are read and written. */
export interface BytesOptions {
  readonly remote: Remote;
  readonly reading: ReaderOptions;
  /** Where spools are made. */
  readonly folder: string;
}

/** The bytes of one file: on the remote by ranges, and from the first write on in a spool, whole. What changes them is to be
 *  called one at a time. A class, as each open file has one: its methods are there once. */
export class DirectBytes {
  /** All writes counted. */
  size: number;
  private readonly options: BytesOptions;
  private version: FileEntry | null;
  private spool: Spool | null = null;
  private reader: Reader | null = null;

  /** Of a version on the remote; null for a new file. */
  constructor(options: BytesOptions, version: FileEntry | null) {
    this.options = options;
    this.version = version;
    this.size = version?.size ?? 0;
  }

  /** The version on the remote; null while there is none. */
  get entry(): FileEntry | null {
    return this.version;
  }
  set entry(version: FileEntry | null) {
    this.stopReading();
    this.version = version;
  }

  /** Where they are read from, to be told from another place by its identity. */
  get place(): Spool | FileEntry | null {
    return this.spool ?? this.version;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.spool) return this.spool.read(offset, length);
    if (!this.version || offset >= this.size) return noBytes;
    return this.readerOf(this.version).read(offset, length, signal);
  }

  /** As `Reader.readNow`. */
  readNow(offset: number, length: number): Uint8Array | null {
    return this.spool || !this.version ? null : this.readerOf(this.version).readNow(offset, length);
  }

  async write(offset: number | 'end', data: Uint8Array): Promise<void> {
    const spool = await this.bringIn(this.size);
    const start = offset === 'end' ? this.size : offset;
    await spool.write(start, data);
    this.size = Math.max(this.size, start + data.length);
  }

  async truncate(size: number): Promise<void> {
    const spool = await this.bringIn(Math.min(size, this.size));
    await spool.truncate(size);
    this.size = size;
  }

  /** All of them, from a spool. */
  async whole(): Promise<Source> {
    return (await this.bringIn(this.size)).source(this.size);
  }

  /** Lets go of the spool, and of what is open on the remote. */
  async close(): Promise<void> {
    this.stopReading();
    const { spool } = this;
    this.spool = null;
    await spool?.close();
  }

  /** The spool; where there is none yet, a new one with the first `length` bytes. */
  private async bringIn(length: number): Promise<Spool> {
    const { remote, folder } = this.options;
    this.spool ??= await spoolFrom(remote, this.version, length, folder);
    this.stopReading();
    return this.spool;
  }

  private readerOf(version: FileEntry): Reader {
    const { remote, reading } = this.options;
    this.reader ??= createReader(remote, version, reading);
    return this.reader;
  }

  private stopReading(): void {
    this.reader?.stop();
    this.reader = null;
  }
}
