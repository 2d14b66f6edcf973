import { Failure } from '../core/failure.ts';
import type { Progress } from './progress.ts';

/** What is done where a limit is reached: `hard` breaks off what is under way, `soft` begins nothing more, `cautious` begins
 *  nothing that could pass it. */
export const cutoffModes = ['hard', 'soft', 'cautious'] as const;
export type CutoffMode = (typeof cutoffModes)[number];

/** Ends the transfers of a command, all its attempts together, once enough has been carried (`--max-transfer`). */
export interface Cutoff {
  readonly mode: CutoffMode;
  /** Whether each byte counts, so that all must pass through this program. */
  readonly countsBytes: boolean;
  /** True once nothing more is to be begun. */
  readonly isReached: boolean;
  /** Whether a file of `size` bytes may be begun now. Throws Failure('exceeded') where the limit is a hard one. */
  admits(progress: Progress, size: number): boolean;
  /** Counts bytes that were carried. */
  spend(length: number): void;
  /** Throws Failure('exceeded') once more was carried than a hard limit allows. */
  requireRoom(): void;
  /** Lets nothing more begin, for this reason. */
  reach(reason: Failure): void;
  /** Throws the reason, where there is one. */
  throwIfReached(): void;
}

/** `limit` in bytes; negative for none. */
export function createCutoff(limit: number, mode: CutoffMode): Cutoff {
  const countsBytes = mode === 'hard' && limit >= 0;
  let spent = 0;
  let reason: Failure | null = null;
  return {
    mode,
    countsBytes,
    get isReached() {
      return reason !== null;
    },
    admits(progress, size) {
      if (reason) return false;
      const expected = mode === 'cautious' ? spent + underWay(progress) + Math.max(0, size) : spent;
      if (limit < 0 || expected < limit) return true;
      if (mode === 'hard') throw exceeded();
      reason = exceeded();
      return false;
    },
    spend(length) {
      spent += length;
    },
    requireRoom() {
      if (countsBytes && spent > limit) throw exceeded();
    },
    reach(why) {
      reason ??= why;
    },
    throwIfReached() {
      if (reason) throw reason;
    },
  };
}

function exceeded(): Failure {
  return new Failure('exceeded', 'max transfer limit reached as set by --max-transfer');
}

/** Bytes that the files on their way still have to go. */
function underWay({ inFlight }: Progress): number {
  let rest = 0;
  for (const { size, done } of inFlight) rest += Math.max(0, size - done);
  return rest;
}
