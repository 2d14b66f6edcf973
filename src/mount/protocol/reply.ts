import { fuse_out_header } from './messages.ts';

/** What the kernel gets to hear. */
export interface Reply {
  /** Of <errno.h>; 0 when all went well. */
  readonly errno: number;
  /** What follows the header: nothing with an errno. */
  readonly parts: readonly Uint8Array[];
  /** Takes back what was counted or opened for a reply that the kernel did not take. */
  readonly undo?: (() => void) | undefined;
}

export const done: Reply = { errno: 0, parts: [] };

export function reply(part: Uint8Array, undo?: () => void): Reply {
  return { errno: 0, parts: [part], undo };
}

export function refusal(errno: number): Reply {
  return { errno, parts: [] };
}

/** A reply to the request `unique` as it is written; with `unique` 0 a notification, whose code stands for the error. */
export function encodeReply(unique: number, error: number, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const len = parts.reduce((sum, part) => sum + part.length, fuse_out_header.size);
  return [fuse_out_header.encode({ len, error, unique }), ...parts];
}
