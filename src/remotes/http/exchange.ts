import { setMaxListeners } from 'node:events';
import { type Bytes, pieceSize } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { AnswerTaker } from './answer-reader.ts';
import { BodyPieces } from './body-pieces.ts';
import type { HttpResponse } from './client.ts';
import type { Connection } from './connection.ts';
import type { AnswerHead } from './head.ts';
import { networkFailure } from './network-failure.ts';

// Up to this a rest is cheaper to read than a new connection.
const cheapRest = 65_536;

/** One request's answer: takes what comes over a connection, gives a response whose body is read in large pieces. */
export class Exchange implements AnswerTaker {
  readonly response: Promise<HttpResponse>;
  readonly #host: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#cancel(cancellation(this.#signal));
  #resolve: (response: HttpResponse) => void = () => {};
  #reject: (failure: Failure) => void = () => {};
  #connection: Connection | undefined;
  #pieces = new BodyPieces(0);
  #isEnded = false;
  #isDiscarded = false;
  #failure: Failure | undefined;
  #wake: (() => void) | undefined;

  constructor(host: string, signal: AbortSignal | undefined) {
    this.#host = host;
    this.#signal = signal;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (!signal) return;
    // Many requests share one signal: that is no leak, and node's warning would reach the user.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', this.#onAbort);
  }

  /** False when it was cancelled before there was a connection for it. */
  begin(connection: Connection): boolean {
    if (this.#failure) return false;
    this.#connection = connection;
    return true;
  }

  onHead({ status, headers }: AnswerHead): void {
    const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
    this.#pieces = new BodyPieces(length);
    this.#resolve({
      status,
      headers,
      body: this.#read(),
      text: (limit = 16 * pieceSize) => this.#text(limit),
      discard: () => this.#discard(headers['transfer-encoding'] === undefined ? length : 0),
    });
  }

  room(): Uint8Array {
    return this.#pieces.room();
  }

  onBytes(length: number): boolean {
    this.#pieces.fill(length);
    if (this.#isDiscarded) this.#pieces.take();
    if (!this.#pieces.isFull) return true;
    this.#wake?.();
    return false;
  }

  onEnd(): void {
    this.#isEnded = true;
    this.#finish();
  }

  onError(error: Error): void {
    this.#failure ??= networkFailure(error, this.#host);
    this.#reject(this.#failure);
    this.#finish();
  }

  async *#read(): Bytes {
    try {
      while (true) {
        while (!this.#pieces.isFull && !this.#isEnded && !this.#failure) await this.#change();
        const piece = this.#pieces.take();
        // What came before a fault is good: a reader that goes on behind it need not fetch it again.
        if (piece.length === 0 && this.#failure) throw this.#failure;
        if (piece.length === 0) return;
        if (!this.#isEnded) this.#connection?.resume();
        yield piece;
      }
    } finally {
      if (!this.#isEnded) this.#cancel(new Failure('cancelled', 'the reader stopped before the end'));
    }
  }

  async #text(limit: number): Promise<string> {
    const decoder = new TextDecoder();
    let size = 0;
    let text = '';
    for await (const piece of this.#read()) {
      size += piece.length;
      if (size > limit) throw new Failure('transient', `${this.#host}: an answer over ${limit} bytes`);
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  }

  /** Reads what is `announced`; of chunks one cannot know, they are mostly few. */
  async #discard(announced: number): Promise<void> {
    if (announced > cheapRest && !this.#isEnded)
      return this.#cancel(new Failure('cancelled', 'the answer is not wanted'));
    this.#isDiscarded = true;
    this.#pieces.take();
    if (!this.#isEnded) this.#connection?.resume();
    while (!this.#isEnded && !this.#failure) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #cancel(failure: Failure): void {
    if (this.#isEnded || this.#failure) return;
    this.#failure = failure;
    this.#reject(failure);
    this.#connection?.destroy();
    this.#finish();
  }

  #finish(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wake?.();
  }
}

/** The failure that an aborted signal asks for. */
export function cancellation(signal: AbortSignal | undefined): Failure {
  return signal?.reason instanceof Failure
    ? signal.reason
    : new Failure('cancelled', 'cancelled', { cause: signal?.reason });
}
