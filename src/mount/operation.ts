import type { Nanoseconds } from '../core/entry.ts';
import type { FolderItem, Handle, Node, Vfs } from '../vfs/vfs.ts';
import type { Farewell } from './farewell.ts';
import type { HandleTable } from './handles.ts';
import type { NodeTable } from './nodes.ts';
import type { Reply } from './protocol/reply.ts';
import type { Request } from './protocol/request.ts';
import type { Validity } from './protocol/time.ts';

/** An open folder. */
export interface OpenFolder {
  /** What `readdir` goes through; null before its first call. */
  snapshot: readonly FolderItem[] | null;
}

/** What the requests of one mount work on. */
export interface Served {
  readonly vfs: Vfs;
  readonly nodes: NodeTable;
  readonly files: HandleTable<Handle>;
  readonly folders: HandleTable<OpenFolder>;
  /** How long the kernel may remember names and attributes without asking. */
  readonly validity: Validity;
  now(): Nanoseconds;
  /** The process that serves. */
  readonly pid: number;
  readonly farewell: Farewell;
}

/** Answers one kind of request about `node`. Throws what the Vfs throws. What `signal` gives is aborted when the program
 *  that waits has been killed; most operations never ask for it. Null asks to be called again at once: what it waited for
 *  can be sent from where it lies, but only in this turn of the event loop. */
export type Operation = (
  served: Served,
  node: Node,
  request: Request,
  signal: () => AbortSignal,
) => Reply | Promise<Reply | null>;

/** Opcode → what answers it. */
export type Operations = Readonly<Record<number, Operation>>;
