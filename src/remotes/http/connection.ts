import type { Socket } from 'node:net';
import { setImmediate as roundOfEvents } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { Bytes } from '../../core/bytes.ts';
import { AnswerReader, type AnswerTaker } from './answer-reader.ts';
import type { HttpRequest } from './client.ts';
import { closed } from './dial.ts';
import type { AnswerHead } from './head.ts';

export interface Outgoing {
  readonly method: string;
  readonly head: string;
  /** A stream goes in chunks where `isChunked`. */
  readonly body: Uint8Array | Bytes | null;
  readonly isChunked: boolean;
  /** The head asks whether the body is wanted (`expect: 100-continue`): a stream is not opened before. */
  readonly isAsked: boolean;
  /** The head announces no bytes. */
  readonly isEmpty: boolean;
  readonly onSending: HttpRequest['onSending'];
}

// Milliseconds to wait for the server to say that it wants a body; some never do. As in rclone (Go's default).
const longestAsking = 1_000;

/** One HTTP/1.1 connection: one request at a time. */
export class Connection {
  /** Milliseconds since 1970 until which the other side is expected to keep the connection, while it is free. */
  freeUntil = 0;
  readonly #timeout: number;
  readonly #onClose: () => void;
  readonly #reader: AnswerReader;
  #socket: Socket | null = null;
  #isSending = false;
  #wakeSender: () => void = () => {};

  /** `timeout`: milliseconds without a byte, 0 for any time. `onFree` is told when the next request may be sent, and of the
   *  last answer, since its headers may say for how long. */
  constructor(timeout: number, onFree: (head: AnswerHead) => void, onClose: () => void) {
    this.#timeout = timeout;
    this.#onClose = onClose;
    const onWhole = (head: AnswerHead, isFollowed: boolean): void => {
      if (!head.isKept || isFollowed || this.#isSending) {
        this.destroy();
        return;
      }
      this.#socket?.unref();
      onFree(head);
    };
    this.#reader = new AnswerReader(onWhole, () => this.#wakeSender());
  }

  /** For `net.connect`: whoever opens the socket of an unencrypted connection passes this. */
  readonly onread = {
    buffer: (): Uint8Array => this.#reader.place(),
    callback: (length: number, place: Uint8Array): boolean => this.#reading(() => this.#reader.placed(length, place)),
  };

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.setTimeout(this.#timeout);
    // An encrypted socket knows no `onread`.
    if (socket instanceof TLSSocket) {
      socket.on('data', (bytes) => this.#reading(() => this.#reader.take(bytes)) || socket.pause());
    }
    socket.on('drain', () => this.#wakeSender());
    socket.on('timeout', () => this.#onTimeout());
    socket.on('error', (error) => this.#fail(error));
    socket.on('end', () => this.#reader.close() || this.#fail(closed()));
    socket.on('close', () => {
      this.#fail(closed());
      this.#wakeSender();
      this.#onClose();
    });
  }

  send(outgoing: Outgoing, taker: AnswerTaker): void {
    const { method, head, body, onSending } = outgoing;
    onSending?.(true);
    const socket = this.#socket as Socket;
    this.#reader.expect(method, taker);
    socket.ref();
    if (body !== null && !(body instanceof Uint8Array)) {
      void this.#sendPieces(socket, taker, outgoing, body);
      return;
    }
    if (body) socket.cork();
    socket.write(head);
    if (!body) return;
    socket.write(body);
    socket.uncork();
  }

  /** After the taker's `onBytes` said no. */
  resume(): void {
    if (!this.#reader.isPaused || !this.#reading(() => this.#reader.resume())) return;
    // Its time may have run out while nobody read.
    this.#socket?.setTimeout(this.#timeout);
    this.#socket?.resume();
  }

  /** Ends the connection; the request under way, if any, is told nothing. */
  destroy(): void {
    this.#reader.forget();
    this.freeUntil = 0;
    this.#socket?.destroy();
  }

  #reading(read: () => boolean): boolean {
    try {
      return read();
    } catch (error) {
      this.#fail(error as Error);
      return false;
    }
  }

  async #sendPieces(socket: Socket, taker: AnswerTaker, outgoing: Outgoing, body: Bytes): Promise<void> {
    const { head, isChunked, isAsked, isEmpty } = outgoing;
    this.#isSending = true;
    // The head goes ahead of a first piece that takes its time: the other side would close what seems to be free. One that
    // announces no bytes is a whole request already, and waits for the stream to prove empty.
    if (isEmpty) socket.cork();
    socket.write(head);
    try {
      if (isAsked) await this.#asked();
      if (this.#isAnswered(taker)) return;
      for await (const piece of body) {
        // What has come by now is read first: a write that fails ends the socket, and with it an early answer. The round
        // that is under way may have begun before that came.
        await roundOfEvents();
        await roundOfEvents();
        if (this.#reader.taker !== taker) return;
        socket.cork();
        if (isChunked) socket.write(`${piece.length.toString(16)}\r\n`, 'latin1');
        const isTaken = socket.write(piece);
        if (isChunked) socket.write('\r\n', 'latin1');
        socket.uncork();
        if (!isTaken) await this.#drained(socket);
      }
      if (this.#reader.taker !== taker) return;
      if (isChunked) socket.write('0\r\n\r\n', 'latin1');
      if (isEmpty) socket.uncork();
      this.#isSending = false;
      socket.setTimeout(this.#timeout);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Until the other side wants the body, has answered, or is silent. */
  #asked(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longestAsking);
      this.#wakeSender = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #isAnswered(taker: AnswerTaker): boolean {
    return this.#reader.taker !== taker || this.#reader.isInBody;
  }

  async #drained(socket: Socket): Promise<void> {
    while (socket.writableNeedDrain && !socket.destroyed) {
      await new Promise<void>((resolve) => {
        this.#wakeSender = resolve;
      });
    }
  }

  #onTimeout(): void {
    const isWaitingForUs = this.#reader.isPaused || (this.#isSending && !this.#socket?.writableNeedDrain);
    if (!this.#reader.taker || isWaitingForUs) return;
    this.#fail(new Error(`${this.#reader.isInBody ? 'no byte came' : 'no answer'} within --timeout`));
  }

  #fail(error: Error): void {
    const { taker } = this.#reader;
    this.destroy();
    taker?.onError(error);
  }
}
