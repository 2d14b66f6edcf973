import { pipeline, Readable } from 'node:stream';
import { createInflate, createInflateRaw } from 'node:zlib';
import type { Bytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';

// RFC 4880, section 9.3.
const zip = 1;
const zlib = 2;

/** What a compressed packet holds: gpg compresses unless it is told not to. Throws Failure('unsupported') for BZip2,
 *  Failure('corrupt') for bytes that are no compressed data. */
export async function* inflated(algorithm: number, bytes: Bytes): AsyncGenerator<Uint8Array> {
  if (algorithm !== zip && algorithm !== zlib) {
    throw new Failure('unsupported', `it is compressed by OpenPGP's method ${algorithm}: open it with gpg`);
  }
  const options = { chunkSize: 1 << 17 };
  const inflate = algorithm === zip ? createInflateRaw(options) : createInflate(options);
  let failure: Error | null = null;
  const source = Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 });
  pipeline(source, inflate, (error) => {
    failure = error ?? null;
  });
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw known(failure ?? error);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

function known(error: unknown): unknown {
  const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
  return isZlib ? new Failure('corrupt', `it does not decompress: ${error.message}`, { cause: error }) : error;
}
