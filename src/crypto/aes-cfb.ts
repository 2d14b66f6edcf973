import { createCipheriv } from 'node:crypto';
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Bytes } from '../core/bytes.ts';

/** A key of AES in CFB, as node names the cipher: `aes-256-cfb`. The nonce is zero, as OpenPGP has it. */
export interface CfbKey {
  readonly cipher: string;
  readonly key: Uint8Array;
}

// A thread takes some 30 ms to start: until then, and for streams that end before, this one encrypts.
const threadFrom = 1 << 20;
// Pieces that wait to be encrypted, or to be taken.
const mostWaiting = 4;

/** Encrypts a stream, a long one on a thread of its own: each block needs the one before it, so nothing else makes CFB
 *  quicker. Pieces that come out are arrays of their own. */
export async function* encryptCfb(plain: Bytes, key: CfbKey): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv(key.cipher, key.key, Buffer.alloc(blockSize));
  const iterator = plain[Symbol.asyncIterator]();
  let last: Uint8Array = Buffer.alloc(blockSize);
  let size = 0;
  let thread: Thread | undefined;

  function encrypt(part: Uint8Array): Uint8Array {
    const sealed = cipher.update(part);
    last = lastBlock(last, sealed);
    size += part.length;
    return sealed;
  }

  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const toBoundary = -size & (blockSize - 1);
      if (thread?.isUp && toBoundary <= next.value.length) {
        if (toBoundary > 0) yield encrypt(next.value.subarray(0, toBoundary));
        yield* thread.encrypt(last, next.value.subarray(toBoundary), iterator);
        return;
      }
      yield encrypt(next.value);
      if (size >= threadFrom) thread ??= startThread(key);
    }
  } finally {
    await thread?.end();
    await iterator.return?.();
  }
}

const blockSize = 16;

/** The last 16 bytes that went out: CFB goes on from them. */
function lastBlock(before: Uint8Array, sealed: Uint8Array): Uint8Array {
  return Buffer.concat([before, sealed.subarray(-blockSize)]).subarray(-blockSize);
}

// Plain JavaScript, as a thread that starts from text knows nothing of our modules. The first message is the block that
// it goes on from.
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { createCipheriv } = require('node:crypto');
let cipher;
parentPort.on('message', (plain) => {
  if (!cipher) {
    cipher = createCipheriv(workerData.cipher, workerData.key, plain);
    workerData.key.fill(0);
    return;
  }
  const made = cipher.update(plain);
  const sealed = made.length === made.buffer.byteLength ? made : Uint8Array.from(made);
  parentPort.postMessage(sealed, [sealed.buffer]);
});
`;

interface Thread {
  /** Whether it can be given something to do. */
  readonly isUp: boolean;
  /** Goes on after the sealed block `start`, with `first` and then `rest`. */
  encrypt(start: Uint8Array, first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array>;
  end(): Promise<unknown>;
}

function startThread({ cipher, key }: CfbKey): Thread {
  const worker = new Worker(program, { eval: true, workerData: { cipher, key: Uint8Array.from(key) } });
  const answers = on(worker, 'message')[Symbol.asyncIterator]();
  let isUp = false;
  worker.once('online', () => {
    isUp = true;
  });

  // A copy: the piece is given away, and its owner may write to it again.
  function give(piece: Uint8Array): void {
    const copy = Uint8Array.from(piece);
    worker.postMessage(copy, [copy.buffer]);
  }

  return {
    get isUp() {
      return isUp;
    },
    async *encrypt(start, first, rest) {
      give(start);
      give(first);
      let waiting = 1;
      for (let isAtEnd = false; waiting > 0; ) {
        while (!isAtEnd && waiting < mostWaiting) {
          const next = await rest.next();
          if (next.done) {
            isAtEnd = true;
          } else {
            give(next.value);
            waiting++;
          }
        }
        const answer = await answers.next();
        waiting--;
        yield answer.value[0] as Uint8Array;
      }
    },
    end: () => worker.terminate(),
  };
}
