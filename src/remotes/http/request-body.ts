import type { Bytes, Source } from '../../core/bytes.ts';
import { Failure, isAbsence } from '../../core/failure.ts';
import type { StreamedBody } from './client.ts';

/** The bytes of a streamed body, counted: too few or too many fail the request instead of storing a short object. The last
 *  of them leave only when the source has ended well: a store that has all bytes would keep them. */
export async function* checkedBody({ source, range, length, onPiece }: StreamedBody): Bytes {
  let sent = 0;
  let last: Uint8Array | undefined;
  for await (const piece of source.open(range)) {
    if (piece.length === 0) continue;
    sent += piece.length;
    if (length !== null && sent > length) throw wrongLength(length, 'more');
    onPiece?.(piece);
    const leaving = sent === length ? piece.subarray(0, -socketBuffer) : piece;
    if (leaving.length > 0) yield leaving.length < socketBuffer ? new Uint8Array(leaving) : leaving;
    if (sent === length) last = new Uint8Array(piece.subarray(leaving.length));
  }
  if (length !== null && sent < length) throw wrongLength(length, `only ${sent}`);
  if (last) yield last;
}

/** The source, of which a file that is missing is never taken for an answer of the store that its bytes go to: it throws
 *  Failure('changed') then. */
export function withOwnFailures(source: Source): Source {
  return {
    ...source,
    async *open(range) {
      try {
        yield* source.open(range);
      } catch (error) {
        if (!isAbsence(error)) throw error;
        throw new Failure('changed', error.message, { path: error.path, cause: error });
      }
    },
  };
}

// A socket takes a piece over and asks for the next one while its own buffer is not full: a smaller piece
// could still be waiting there when its producer reuses it. From this size on it waits until all is sent.
const socketBuffer = 65_536;

function wrongLength(expected: number, actual: string): Failure {
  return new Failure(
    'changed',
    `the source gave ${actual} bytes where ${expected} were announced: it changed while it was read`,
  );
}
