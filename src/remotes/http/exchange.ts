import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { type Bytes, noBytes, pieceSize } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { HttpResponse } from './client.ts';
import { networkFailure } from './network-failure.ts';

// Up to this a rest is cheaper to read than a new connection.
const cheapRest = 65_536;

// node reads a socket in pieces of at most this.
const socketRead = 65_536;

/** One request's answer: takes what undici calls back with, gives a response whose body is read in large pieces. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly response: Promise<HttpResponse>;
  readonly #host: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#cancel(cancellation(this.#signal));
  #resolve: (response: HttpResponse) => void = () => {};
  #reject: (failure: Failure) => void = () => {};
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #buffer = noBytes;
  #spare = noBytes;
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

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#resolve({
      status,
      headers: joinRepeated(headers),
      body: this.#read(),
      text: (limit = 16 * pieceSize) => this.#text(limit),
      discard: () => this.#discard(Number(headers['content-length'] ?? 0)),
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#isDiscarded) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    if (this.#waiting < pieceSize) return;
    controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#isEnded = true;
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#failure ??= networkFailure(error, this.#host);
    this.#reject(this.#failure);
    this.#finish();
  }

  async *#read(): Bytes {
    try {
      while (true) {
        while (this.#waiting < pieceSize && !this.#isEnded && !this.#failure) await this.#change();
        // What came before a fault is good: a reader that goes on behind it need not fetch it again.
        if (this.#waiting === 0 && this.#failure) throw this.#failure;
        if (this.#waiting === 0) return;
        const piece = this.#take();
        this.#controller?.resume();
        yield piece;
      }
    } finally {
      if (!this.#isEnded) this.#cancel(new Failure('cancelled', 'the reader stopped before the end'));
    }
  }

  #take(): Uint8Array {
    const chunks = this.#chunks;
    const size = this.#waiting;
    this.#chunks = [];
    this.#waiting = 0;
    if (chunks.length === 1 && chunks[0]) return chunks[0];
    // Two buffers take turns for all pieces of a body: a fresh one for each costs more than the copy.
    [this.#buffer, this.#spare] = [this.#spare, this.#buffer];
    if (size > this.#buffer.length) this.#buffer = new Uint8Array(size < pieceSize ? size : pieceSize + socketRead);
    let offset = 0;
    for (const chunk of chunks) {
      this.#buffer.set(chunk, offset);
      offset += chunk.length;
    }
    return this.#buffer.subarray(0, size);
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

  async #discard(announced: number): Promise<void> {
    if (announced > cheapRest && !this.#isEnded)
      return this.#cancel(new Failure('cancelled', 'the answer is not wanted'));
    this.#isDiscarded = true;
    this.#chunks = [];
    this.#waiting = 0;
    this.#controller?.resume();
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
    this.#controller?.abort(failure);
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

function joinRepeated(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
