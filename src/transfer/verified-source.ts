import { createHash } from 'node:crypto';
import { type Bytes, noBytes, type Source } from '../core/bytes.ts';
import { Failure } from '../core/failure.ts';

/** What a file must be. */
export interface Expectation {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A source of which the last piece is given only when all of it is what it should be, so that nothing else is ever
 *  written whole. To be read once, from its start. Its reading throws `unexpected` of what is wrong. */
export function verifiedSource(source: Source, expected: Expectation, unexpected: (why: string) => Failure): Source {
  if (source.size !== null && source.size !== expected.size) {
    throw unexpected(`it has ${source.size} bytes instead of ${expected.size}`);
  }
  let isOpened = false;
  return {
    size: source.size,
    replayable: false,
    open(range) {
      if (isOpened || (range && range.start > 0)) {
        throw new Failure('unsupported', 'what is checked can be read only once, from its start');
      }
      isOpened = true;
      return verified(source.open(), expected, unexpected);
    },
  };
}

async function* verified(
  bytes: Bytes,
  { size, sha256 }: Expectation,
  unexpected: (why: string) => Failure,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array = noBytes;
  let length = 0;
  for await (const piece of bytes) {
    if (held.length > 0) yield held;
    // A copy: its producer may write there again before it is given away.
    held = Uint8Array.from(piece);
    hash.update(held);
    length += held.length;
  }
  if (length !== size) throw unexpected(`it has ${length} bytes instead of ${size}`);
  if (hash.digest('hex') !== sha256) throw unexpected('its bytes are others, or in another order');
  if (held.length > 0) yield held;
}
