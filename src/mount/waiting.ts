import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request that has not been answered. */
export interface Waiting {
  /** The thread that waits, as /proc knows it; 0 where it can't be told. */
  readonly pid: number;
  /** Ends the work where it can be ended, and answers EINTR. */
  stop(): void;
}

// How long a thread that got a signal which it survives waits for its answer before it is looked at again.
const patience = 100;

/** Whether an interrupted request should be given up: programs do not expect EINTR from a file, so only where the one that
 *  waits is dying. Where it is not, that is known after a while, as the kernel asks again at once. */
export async function isGivenUp({ pid }: Waiting): Promise<boolean> {
  if (await isDying(pid)) return true;
  await sleep(patience);
  return false;
}

const SIGKILL = 9;

/** A signal whose effect is the end of the process has become SIGKILL for each of its threads by the time it is seen here
 *  (complete_signal in Linux' kernel/signal.c). */
async function isDying(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => null);
  // Hidden, or gone: nothing may hang for it.
  if (status === null) return true;
  const pending = [...status.matchAll(/^(?:SigPnd|ShdPnd):\t([0-9a-f]+)$/gm)].map((match) => BigInt(`0x${match[1]}`));
  return pending.some((signals) => ((signals >> BigInt(SIGKILL - 1)) & 1n) === 1n);
}
