/** A fault. Byte positions count the body's bytes. Without `nth`, `every` or `times` it befalls every match. */
export interface Rule {
  /** Tested against `METHOD /path?query`; absent: all requests. */
  readonly match?: RegExp;
  /** Only the nth match, counted from 1. */
  readonly nth?: number;
  /** Each match whose number divides by it. */
  readonly every?: number;
  /** At most so often. */
  readonly times?: number;

  /** Milliseconds before the request goes on. */
  readonly delay?: number;
  /** Answered without forwarding, after the whole request was read. */
  readonly status?: number;
  /** Forwarded, then answered with this instead: a lost success. */
  readonly statusAfter?: number;
  /** With either status. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the request, then a TCP reset on both sides. */
  readonly resetUp?: number;
  /** Bytes of the response, then a reset; 0: before its head. */
  readonly resetDown?: number;
  /** Bytes of the response, then a clean end of the connection: a cut body. */
  readonly closeDown?: number;
  /** Bytes of the request, then nothing, for ever. */
  readonly stallUp?: number;
  /** Bytes of the response, likewise; 0: before its head. */
  readonly stallDown?: number;
  /** The byte that arrives changed. */
  readonly corruptUp?: number;
  readonly corruptDown?: number;
  /** Bytes a second. */
  readonly speedUp?: number;
  readonly speedDown?: number;
}

/** Answers which rule befalls a request. The first that fires wins; counts run over matching requests. */
export function makePicker(rules: readonly Rule[]): (request: string) => Rule | null {
  const counted = rules.map((rule) => ({ rule, seen: 0, fired: 0 }));
  return (request) => {
    for (const count of counted) {
      const { match, nth, every, times } = count.rule;
      if (match?.test(request) === false || count.fired === times) continue;
      count.seen++;
      if (nth !== undefined ? count.seen !== nth : every !== undefined && count.seen % every !== 0) continue;
      count.fired++;
      return count.rule;
    }
    return null;
  };
}
