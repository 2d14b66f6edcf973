import type { Awaitable } from '../../core/awaitable.ts';
import { type Bytes, pieceSize } from '../../core/bytes.ts';
import { cancellation } from '../../core/cancel.ts';
import { Failure } from '../../core/failure.ts';
import { forgetAbort, onAbort } from './aborts.ts';
import type { AnswerTaker } from './answer-reader.ts';
import { BodyPieces } from './body-pieces.ts';
import type { HttpResponse } from './client.ts';
import type { Connection } from './connection.ts';
import type { AnswerHead } from './head.ts';
import { networkFailure, type Purpose } from './network-failure.ts';

// Bytes: to read so many to their end is cheaper than to open a new connection.
const cheapRest = 65_536;

// Bytes: a body that is taken as a whole is held as a whole.
const largestWhole = 262_144;

/** One request's answer: takes what comes over a connection, and is the response and its body, read in large pieces. */
export class Exchange implements AnswerTaker, HttpResponse, Bytes {
  status = 0;
  headers: Readonly<Record<string, string>> = {};
  /** Resolves with this once the headers are there. */
  readonly response: Promise<HttpResponse>;
  readonly #host: string;
  readonly #signal: AbortSignal | undefined;
  readonly #purpose: Purpose | undefined;
  readonly #stop = () => this.#cancel(cancellation(this.#signal));
  #resolve: (response: HttpResponse) => void = () => {};
  #reject: (failure: Failure) => void = () => {};
  #connection: Connection | undefined;
  #length = 0;
  #pieces = new BodyPieces(0);
  #isEnded = false;
  /** Bytes that are still read for nothing; null where they are wanted. */
  #discardable: number | null = null;
  #failure: Failure | undefined;
  #wake: (() => void) | undefined;

  constructor(host: string, signal: AbortSignal | undefined, purpose: Purpose | undefined) {
    this.#host = host;
    this.#signal = signal;
    this.#purpose = purpose;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (signal) onAbort(signal, this.#stop);
  }

  /** False when it was cancelled before there was a connection for it. */
  begin(connection: Connection): boolean {
    if (this.#failure) return false;
    this.#connection = connection;
    return true;
  }

  onHead({ status, headers }: AnswerHead): void {
    this.status = status;
    this.headers = headers;
    this.#length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
    this.#pieces = new BodyPieces(this.#length);
    this.#resolve(this);
  }

  room(): Uint8Array {
    return this.#pieces.room();
  }

  onBytes(length: number): boolean {
    this.#pieces.fill(length);
    if (this.#discardable !== null) return this.#drop(length, this.#discardable);
    if (!this.#pieces.isFull) return true;
    this.#wake?.();
    return false;
  }

  onEnd(): void {
    this.#isEnded = true;
    this.#finish();
  }

  onError(error: Error): void {
    this.#failure ??= networkFailure(error, this.#host, this.#purpose);
    this.#reject(this.#failure);
    this.#finish();
  }

  get body(): Bytes {
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
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
      this.abandon();
    }
  }

  readonly whole = (): Awaitable<Uint8Array | null> => {
    if (this.#length > largestWhole) return null;
    return this.#isEnded
      ? this.#pieces.take()
      : this.#ended().then((isWhole) => (isWhole ? this.#pieces.take() : null));
  };

  abandon(): void {
    if (!this.#isEnded) this.#cancel(new Failure('cancelled', 'the reader stopped before the end'));
  }

  async text(limit = 16 * pieceSize): Promise<string> {
    const decoder = new TextDecoder();
    let size = 0;
    let text = '';
    for await (const piece of this) {
      size += piece.length;
      if (size > limit) throw new Failure('transient', `${this.#host}: an answer over ${limit} bytes`);
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  }

  async discard(): Promise<void> {
    if (this.#isEnded) return;
    // Of chunks one cannot know how much they are: mostly little.
    const isLarge = this.#length > cheapRest && this.headers['transfer-encoding'] === undefined;
    if (isLarge) return this.#cancel(notWanted());
    this.#discardable = cheapRest;
    this.#pieces.take();
    this.#connection?.resume();
    await this.#ended();
  }

  #drop(length: number, discardable: number): true {
    this.#pieces.take();
    this.#discardable = discardable - length;
    if (this.#discardable < 0) this.#cancel(notWanted());
    return true;
  }

  /** Whether all has come; false after a failure. */
  async #ended(): Promise<boolean> {
    while (!this.#isEnded && !this.#failure) await this.#change();
    return this.#isEnded;
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
    if (this.#signal) forgetAbort(this.#signal, this.#stop);
    this.#wake?.();
  }
}

function notWanted(): Failure {
  return new Failure('cancelled', 'the answer is not wanted');
}
