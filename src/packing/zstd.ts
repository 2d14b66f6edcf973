import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Bytes } from '../core/bytes.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import { Failure } from '../core/failure.ts';

/** Compresses by the zstd program, on all processors. */
export function compress(bytes: Bytes, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  return through(['-q', '-c', '-T0'], bytes, signal, { doing: 'cannot compress', instead: 'do without --compress' });
}

/** Bytes that `size` bytes will not exceed when they are compressed: more than zstd's own ZSTD_compressBound. */
export function compressedBound(size: number): number {
  return size + Math.ceil(size / 128) + 65_536;
}

/** Decompresses by the zstd program. Throws Failure('corrupt') for a stream that is cut or broken; `path` is what messages
 *  call it. */
export function decompress(bytes: Bytes, signal: AbortSignal, path: string): AsyncGenerator<Uint8Array> {
  const words = { doing: `${path}: cannot decompress it`, instead: 'get the object as it is, with --asis' };
  return through(['-q', '-d', '-c'], notEmpty(bytes, path), signal, words);
}

/** zstd takes no bytes at all for an empty file, where a whole stream has at least a header. */
async function* notEmpty(bytes: Bytes, path: string): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for await (const piece of bytes) {
    isEmpty &&= piece.length === 0;
    yield piece;
  }
  if (isEmpty) throw new Failure('corrupt', `${path}: cannot decompress it: it is empty`, { path });
}

/** What messages say. */
interface Words {
  /** What has failed. */
  readonly doing: string;
  /** What works without the program. */
  readonly instead: string;
}

async function* through(
  args: readonly string[],
  bytes: Bytes,
  signal: AbortSignal,
  { doing, instead }: Words,
): AsyncGenerator<Uint8Array> {
  // Only what it needs: other variables may hold passwords.
  const { PATH, ZSTD_CLEVEL, ZSTD_NBTHREADS } = process.env;
  const env = { PATH, ZSTD_CLEVEL, ZSTD_NBTHREADS };
  const child = spawn('zstd', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint = `${complaint}${text}`.slice(0, 500);
  });
  const ended = new Promise<Failure | null>((resolve) => {
    child.once('error', (error) => resolve(missing(instead, error)));
    child.once('close', (code) => {
      resolve(code === 0 ? null : new Failure('corrupt', `${doing}: ${reason(complaint, code)}`));
    });
  });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  // Its input and output run side by side; what goes wrong with the input matters more than what it says of that.
  let sourceError: unknown;
  const feeding = feed(child.stdin, bytes).catch((error: unknown) => {
    sourceError = error;
    child.kill();
  });
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    await feeding;
    throwIfCancelled(signal);
    if (sourceError !== undefined) throw sourceError;
    const failure = await ended;
    if (failure) throw failure;
  } finally {
    signal.removeEventListener('abort', stop);
    child.kill();
    child.stdin.destroy();
    await feeding;
  }
}

/** Writes the stream to the program, at its pace, until it stops reading. */
async function feed(input: Writable, bytes: Bytes): Promise<void> {
  // A program that has ended reads no more: its exit code tells why.
  input.on('error', () => {});
  for await (const piece of bytes) {
    if (input.destroyed) return;
    await new Promise<void>((resolve) => input.write(piece, () => resolve()));
  }
  input.end();
}

function missing(instead: string, cause: Error): Failure {
  const message = `the zstd program is missing: install it (apt install zstd), or ${instead}`;
  return new Failure('unsupported', message, { cause });
}

function reason(complaint: string, code: number | null): string {
  const text = complaint
    .trim()
    .replace(/^zstd: |\/\*stdin\*\\ ?: ?/g, '')
    .toLowerCase();
  return text === '' ? `zstd ended with ${code === null ? 'a signal' : `exit code ${code}`}` : `zstd says "${text}"`;
}
