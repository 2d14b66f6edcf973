import type { Handle, Vfs } from '../../vfs/vfs.ts';
import type { HandleTable } from '../handles.ts';
import type { Paths } from './paths.ts';

/** What the requests of one mount work on. */
export interface Served {
  readonly vfs: Vfs;
  readonly paths: Paths;
  readonly files: HandleTable<Handle>;
  /** The process that serves. */
  readonly pid: number;
}

/** What the call returns, 0 for most, and what it gives back. */
export type Answer = readonly [status: number, ...results: unknown[]];

export const done: Answer = [0];

/** Answers one kind of request, with the arguments that fuse-native gives. Throws what the Vfs throws. */
export type Operation = (served: Served, ...args: never[]) => Promise<Answer>;

/** Name of libfuse's operation → what answers it. */
export type Operations = Readonly<Record<string, Operation>>;
