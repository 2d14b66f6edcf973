import { type AnswerHead, malformed } from './head.ts';

/** Tells where the body of an answer ends, and what stands between its parts (RFC 9112, section 6). */
export interface Framing {
  /** Bytes of the body that come next; 0 where framing comes first; Infinity until the connection ends. */
  readonly ahead: number;
  readonly isEnded: boolean;
  /** So many of the bytes ahead have come. */
  advance(length: number): void;
  /** Takes framing from the start of `bytes`, where no bytes of the body come next, and gives its length. Throws `malformed`. */
  skip(bytes: Uint8Array): number;
}

/** Throws `malformed` for a body whose end could be understood in two ways. */
export function framingOf(method: string, { status, headers }: AnswerHead): Framing {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (method === 'HEAD' || status === 204 || status === 304) return new Sized(0);
  if (encoding !== undefined) {
    if (length !== undefined || encoding.toLowerCase() !== 'chunked') throw malformed();
    return chunked();
  }
  if (length === undefined) return new Sized(Number.POSITIVE_INFINITY);
  if (!/^\d{1,15}$/.test(length)) throw malformed();
  return new Sized(Number(length));
}

class Sized implements Framing {
  ahead: number;

  constructor(length: number) {
    this.ahead = length;
  }

  get isEnded(): boolean {
    return this.ahead === 0;
  }

  advance(came: number): void {
    this.ahead -= came;
  }

  skip(): number {
    return 0;
  }
}

// A chunk's size line and the lines behind the last chunk; no server has a use for more.
const longestLine = 8192;
const longestTrailers = 65_536;

function chunked(): Framing {
  let ahead = 0;
  let line = '';
  let trailersSize = 0;
  let isBehindChunk = false;
  let isLast = false;
  let isEnded = false;

  const readLine = (): void => {
    if (isLast) {
      isEnded = line === '';
    } else if (isBehindChunk) {
      if (line !== '') throw malformed();
      isBehindChunk = false;
    } else {
      const [, digits] = /^([\da-f]{1,12})[\t ]*(?:;.*)?$/i.exec(line) ?? [];
      if (digits === undefined) throw malformed();
      ahead = Number.parseInt(digits, 16);
      isLast = ahead === 0;
      isBehindChunk = !isLast;
    }
    line = '';
  };
  return {
    get ahead() {
      return ahead;
    },
    get isEnded() {
      return isEnded;
    },
    advance(came) {
      ahead -= came;
    },
    skip(bytes) {
      const end = bytes.indexOf(lineFeed);
      const taken = end < 0 ? bytes.length : end + 1;
      line += Buffer.from(bytes.buffer, bytes.byteOffset, taken).toString('latin1');
      if (isLast) trailersSize += taken;
      if (line.length > longestLine || trailersSize > longestTrailers) throw malformed();
      if (end < 0) return taken;
      if (!line.endsWith('\r\n')) throw malformed();
      line = line.slice(0, -2);
      readLine();
      return taken;
    },
  };
}

const lineFeed = 10;
