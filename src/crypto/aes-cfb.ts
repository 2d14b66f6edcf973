import { type Cipher, createCipheriv } from 'node:crypto';
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Bytes } from '../core/bytes.ts';

/** A key of AES in CFB, as node names the cipher: `aes-256-cfb`. The nonce is zero, as OpenPGP has it. */
export interface CfbKey {
  readonly cipher: string;
  readonly key: Uint8Array;
}

// A thread costs some 30 ms: it is for streams that would keep this one busy for longer.
const threadFrom = 16 << 20;
// Pieces that wait to be encrypted, or to be taken.
const mostWaiting = 4;

/** Encrypts a stream; a long one on a thread of its own, as each block needs the one before it: nothing else makes CFB
 *  quicker. Pieces that come out are arrays of their own. */
export async function* encryptCfb(plain: Bytes, key: CfbKey): AsyncGenerator<Uint8Array> {
  const cipher = newCipher(key);
  const iterator = plain[Symbol.asyncIterator]();
  let last: Uint8Array = Buffer.alloc(blockSize);
  try {
    for (let size = 0; size < threadFrom || size % blockSize !== 0; ) {
      const { done, value } = await iterator.next();
      if (done) return;
      const sealed = cipher.update(value);
      last = lastBlock(last, sealed);
      size += value.length;
      yield sealed;
    }
    yield* onThread(iterator, key, last);
  } finally {
    await iterator.return?.();
  }
}

const blockSize = 16;

function newCipher({ cipher, key }: CfbKey): Cipher {
  return createCipheriv(cipher, key, Buffer.alloc(blockSize));
}

/** The last whole block's length of bytes that went out: CFB goes on from it. */
function lastBlock(before: Uint8Array, sealed: Uint8Array): Uint8Array {
  return Buffer.concat([before, sealed.subarray(-blockSize)]).subarray(-blockSize);
}

// Plain JavaScript, as a thread that starts from text knows nothing of our modules.
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { createCipheriv } = require('node:crypto');
const cipher = createCipheriv(workerData.cipher, workerData.key, workerData.start);
workerData.key.fill(0);
parentPort.on('message', (plain) => {
  const made = cipher.update(plain);
  const sealed = made.length === made.buffer.byteLength ? made : Uint8Array.from(made);
  parentPort.postMessage(sealed, [sealed.buffer]);
});
`;

async function* onThread(plain: AsyncIterator<Uint8Array>, key: CfbKey, start: Uint8Array): AsyncGenerator<Uint8Array> {
  const worker = new Worker(program, { eval: true, workerData: { ...key, key: Uint8Array.from(key.key), start } });
  const answers = on(worker, 'message')[Symbol.asyncIterator]();
  let waiting = 0;
  try {
    for (let isAtEnd = false; !isAtEnd || waiting > 0; ) {
      while (!isAtEnd && waiting < mostWaiting) {
        const next = await plain.next();
        if (next.done) {
          isAtEnd = true;
        } else {
          // A copy: the piece is given away, and its owner may write to it again.
          const copy = Uint8Array.from(next.value);
          worker.postMessage(copy, [copy.buffer]);
          waiting++;
        }
      }
      if (waiting === 0) return;
      const answer = await answers.next();
      waiting--;
      yield answer.value[0] as Uint8Array;
    }
  } finally {
    await worker.terminate();
  }
}
