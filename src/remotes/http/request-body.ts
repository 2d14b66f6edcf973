import type { Bytes, Source } from '../../core/bytes.ts';
import { Failure, isAbsence } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { StreamedBody } from './client.ts';

/** The bytes of a source, counted: too few or too many fail the request instead of storing a short object. The last of them
 *  leave only when the source has ended well: a store that has all bytes would keep them. A source that has gone throws
 *  Failure('changed'): whoever sends its bytes would take an absence for an answer of the store. */
export async function* checkedBody({ source, range, length, onPiece }: StreamedBody): Bytes {
  let sent = 0;
  let last: Uint8Array | undefined;
  try {
    for await (const piece of source.open(range)) {
      if (piece.length === 0) continue;
      sent += piece.length;
      if (length !== null && sent > length) throw wrongLength(length, 'more');
      onPiece?.(piece);
      const leaving = sent === length ? piece.subarray(0, -socketBuffer) : piece;
      if (leaving.length > 0) yield leaving.length < socketBuffer ? new Uint8Array(leaving) : leaving;
      if (sent === length) last = new Uint8Array(piece.subarray(leaving.length));
    }
  } catch (error) {
    throw failureOfSource(error);
  }
  if (length !== null && sent < length) throw wrongLength(length, `only ${sent}`);
  if (last) yield last;
}

/** A small source as a whole, in an array of its own, of which nothing has been sent. Throws as `checkedBody` does. */
export async function wholeBody(
  source: Source,
  length: number,
  { onSending }: Pick<Call, 'onSending'> = {},
): Promise<Uint8Array> {
  try {
    const bytes = source.open();
    const data = (await bytes.whole?.()) ?? (await gathered(bytes, length));
    if (data.length !== length) throw wrongLength(length, data.length > length ? 'more' : `only ${data.length}`);
    onSending?.(false);
    return data;
  } catch (error) {
    throw failureOfSource(error);
  }
}

/** What comes, in one array. Throws where that is more than `length` bytes. */
async function gathered(bytes: Bytes, length: number): Promise<Uint8Array> {
  const data = new Uint8Array(length);
  let came = 0;
  for await (const piece of bytes) {
    if (came + piece.length > length) throw wrongLength(length, 'more');
    data.set(piece, came);
    came += piece.length;
  }
  return data.subarray(0, came);
}

// A socket takes a piece over and asks for the next one while its own buffer is not full: a smaller piece
// could still be waiting there when its producer reuses it. From this size on it waits until all is sent.
const socketBuffer = 65_536;

function failureOfSource(error: unknown): unknown {
  return isAbsence(error) ? new Failure('changed', error.message, { path: error.path, cause: error }) : error;
}

function wrongLength(expected: number, actual: string): Failure {
  return new Failure(
    'changed',
    `the source gave ${actual} bytes where ${expected} were announced: it changed while it was read`,
  );
}
