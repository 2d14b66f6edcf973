import { fstatSync, read as readCallback } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Bytes, collect, pieceSize } from '../core/bytes.ts';
import { codeOf, Failure } from '../core/failure.ts';

/** The bytes of standard input. Throws Failure('usage') when it is a terminal: nothing was put there to be read. */
export function standardInput(): Bytes {
  if (fstatSync(0).isCharacterDevice()) {
    throw new Failure('usage', 'nothing to read from standard input (stdin): pipe something in');
  }
  return anyInput();
}

/** The bytes of standard input, whatever that is: a terminal, or /dev/null. The next piece is read while one is used. */
export async function* anyInput(): Bytes {
  // One that is read, one that was given away last, and the one before, which may still be being written. Node's own
  // stream takes a fresh one each time, which costs the system 256 page faults.
  const buffers = Array.from({ length: 3 }, () => Buffer.allocUnsafeSlow(pieceSize));
  for (let next = readInto(buffers[0] as Uint8Array), count = 1; ; count++) {
    const piece = await next;
    if (piece.length === 0) return;
    next = readInto(buffers[count % buffers.length] as Uint8Array);
    // It may fail while this piece is in use and no one waits for it yet.
    next.catch(() => {});
    yield piece;
  }
}

const read = promisify(readCallback);

/** What is there now; empty at the end. Throws Failure('fatal'). */
async function readInto(buffer: Uint8Array): Promise<Uint8Array> {
  for (;;) {
    try {
      const { bytesRead } = await read(0, buffer, 0, buffer.length, null);
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'EAGAIN') throw new Failure('fatal', `cannot read standard input: ${code}`, { cause: error });
      // A pipe that another process made non-blocking is empty.
      await sleep(2);
    }
  }
}

/** The first line of standard input. */
export async function firstInputLine(): Promise<string> {
  const text = Buffer.from(await collect(standardInput())).toString('utf8');
  return text.split(/\r?\n/, 1)[0] ?? '';
}
