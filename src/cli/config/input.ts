import type { ReadStream } from 'node:tty';
import { noBytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { takeKey } from '../secret-keys.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

// There is one standard input in a process: what came along with an answer stays here for the next question.
let ahead: Uint8Array = noBytes;
let hasEnded = false;

/** Whether a person sits at the other end of standard input. */
export function inputIsTerminal(): boolean {
  return process.stdin.isTTY === true;
}

/** The next line of standard input, without its end; null when there is none any more.
 *  Throws Failure('cancelled') once `signal` is aborted. */
export async function readLine(signal: AbortSignal): Promise<Uint8Array | null> {
  const line: number[] = [];
  // What was typed while the terminal was in raw mode has its lines end as the key does.
  const isEnd = (byte: number) => byte === newline || (byte === carriageReturn && inputIsTerminal());
  for (;;) {
    for (const [index, byte] of ahead.entries()) {
      if (isEnd(byte)) {
        ahead = ahead.subarray(index + 1);
        return Uint8Array.from(line);
      }
      line.push(byte);
    }
    if (!(await readAhead(signal))) return null;
  }
}

/** Asks, and takes a line typed on the terminal without echo; null at the end of the input. The terminal is left as it was.
 *  Throws Failure('cancelled') on Ctrl-C and once `signal` is aborted. */
export async function readUnseen(signal: AbortSignal, question: () => Promise<void>): Promise<Uint8Array | null> {
  const terminal = process.stdin as ReadStream;
  const typed: number[] = [];
  // Before the question: a script or a paste answers as soon as that stands there.
  terminal.setRawMode(true);
  try {
    await question();
    for (;;) {
      for (const [index, byte] of ahead.entries()) {
        const effect = takeKey(typed, byte);
        if (effect === 'typing') continue;
        ahead = ahead.subarray(index + 1);
        if (effect === 'cancelled') throw new Failure('cancelled', 'stopped by Ctrl-C');
        return effect === 'entered' ? Uint8Array.from(typed) : null;
      }
      if (!(await readAhead(signal))) return null;
    }
  } finally {
    terminal.setRawMode(false);
  }
}

/** Replaces what has been read ahead, all of it used up, by what comes next; false at the end of the input. */
async function readAhead(signal: AbortSignal): Promise<boolean> {
  ahead = noBytes;
  if (hasEnded) return false;
  const piece = await nextPiece(signal);
  hasEnded = piece === null;
  ahead = piece ?? noBytes;
  return !hasEnded;
}

/** Between two calls the input keeps no process from ending, and of a terminal nothing is read: others may ask there. */
function nextPiece(signal: AbortSignal): Promise<Uint8Array | null> {
  const input = process.stdin;
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      input.pause();
      // A paused pipe goes on filling its buffer; a file has nothing to let go of.
      input.unref?.();
      input.off('data', onData).off('end', onEnd).off('error', onEnd);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onData = (piece: Uint8Array) => settle(() => resolve(piece))();
    // A terminal that was closed fails with EIO: nobody will answer any more.
    const onEnd = settle(() => resolve(null));
    const onAbort = settle(() => reject(signal.reason));
    if (signal.aborted) return onAbort();
    // The end may have been seen while nobody asked.
    if (input.readableEnded || input.destroyed) return onEnd();
    input.on('data', onData).on('end', onEnd).on('error', onEnd);
    signal.addEventListener('abort', onAbort);
    input.ref?.();
    input.resume();
  });
}
