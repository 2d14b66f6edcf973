import type { Nanoseconds } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { Content } from '../content.ts';
import type { Lock } from '../lock.ts';
import type { Catalogue } from './catalogue.ts';
import type { DelayQueue } from './delay-queue.ts';
import type { MakeRoom } from './failing.ts';
import type { CacheFolder } from './folder.ts';
import type { Memory } from './memory.ts';
import type { CacheOptions } from './options.ts';
import type { Uploadable, WriteBack } from './write-back.ts';

/** What the files of one cache share. */
export interface CacheContext {
  readonly remote: Remote;
  readonly folder: CacheFolder;
  readonly memory: Memory;
  readonly writeBack: WriteBack;
  readonly catalogue: Catalogue;
  readonly options: CacheOptions;
  readonly report: Report;
  /** One file after another is brought on the disk. */
  readonly settling: Lock;
  /** What does so for one file, after `CacheOptions.settleDelay`. */
  readonly settlingLater: DelayQueue<() => void>;
  readonly makeRoom: MakeRoom;
  now(): Nanoseconds;
  /** The content goes by another path; returns the one that did until now. */
  moved(content: CachedContent, oldPath: string): CachedContent | null;
  /** The content is not used any more. */
  ended(content: CachedContent): void;
}

export interface CachedContent extends Content, Uploadable {
  /** Of its file in the cache folder. */
  readonly id: string;
  /** Bytes on the disk. */
  readonly diskSize: number;
  /** Brings all that is dirty on the disk, and closes. */
  end(): Promise<void>;
}
