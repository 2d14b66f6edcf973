import { noBytes } from '../../core/bytes.ts';
import { type Framing, framingOf } from './framing.ts';
import { type AnswerHead, malformed, parseHead } from './head.ts';

/** Takes one request's answer. Errors are node's own or plain ones: the taker says what they mean. */
export interface AnswerTaker {
  onHead(head: AnswerHead): void;
  /** Where the next bytes of the body go; never empty. */
  room(): Uint8Array;
  /** So many bytes were put there. False: no more until `resume`. */
  onBytes(length: number): boolean;
  onEnd(): void;
  onError(error: Error): void;
}

const scratchSize = 65_536;
// With all the interim answers before it.
const longestHead = 65_536;
const headEnd = '\r\n\r\n';
// A server that ends its lines like this would keep us waiting for the rest.
const bareHeadEnd = '\n\n';

/** Reads answers from what a connection brings, one after the other, and puts a body's bytes right where the taker wants
 *  them. */
export class AnswerReader {
  taker: AnswerTaker | null = null;
  readonly #onWhole: (head: AnswerHead, isFollowed: boolean) => void;
  readonly #onContinue: () => void;
  #method = '';
  #interimSize = 0;
  #head: AnswerHead | null = null;
  #framing: Framing | null = null;
  #scratch: Uint8Array = noBytes;
  /** What came and has to wait: the start of a head for the rest of it, a part of a body for its reader. */
  #held: Uint8Array = noBytes;
  #isPaused = false;

  /** `onWhole` is told of a whole answer, and whether more came behind it, which nobody asked for; `onContinue` that the
   *  body of the request is wanted. */
  constructor(onWhole: (head: AnswerHead, isFollowed: boolean) => void, onContinue: () => void) {
    this.#onWhole = onWhole;
    this.#onContinue = onContinue;
  }

  /** Whether the taker has asked for a pause. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isInBody(): boolean {
    return this.#framing !== null;
  }

  expect(method: string, taker: AnswerTaker): void {
    this.#method = method;
    this.#interimSize = 0;
    this.taker = taker;
  }

  forget(): void {
    this.taker = null;
    this.#head = null;
    this.#framing = null;
    this.#held = noBytes;
    this.#isPaused = false;
  }

  /** Where the connection puts what it reads next. What is held lies in the scratch, which is not read to until that is taken. */
  place(): Uint8Array {
    const ahead = this.#framing?.ahead ?? 0;
    if (this.taker && ahead > 0 && this.#held.length === 0) {
      const room = this.taker.room();
      return ahead < room.length ? room.subarray(0, ahead) : room;
    }
    if (this.#scratch.length === 0) this.#scratch = new Uint8Array(scratchSize);
    return this.#scratch;
  }

  /** So many bytes were read to `place`. False: read no more for now. Throws `malformed`. */
  placed(length: number, place: Uint8Array): boolean {
    if (place.buffer === this.#scratch.buffer) return this.take(place.subarray(0, length));
    this.#framing?.advance(length);
    const wantsMore = this.taker?.onBytes(length) ?? false;
    if (this.#framing?.isEnded) return this.#end(false);
    this.#isPaused = !wantsMore;
    return wantsMore;
  }

  /** Takes bytes that stand elsewhere. False: bring no more for now. Throws `malformed`. */
  take(bytes: Uint8Array): boolean {
    let rest = this.#framing ? bytes : this.#takeHead(bytes);
    while (this.#framing && !this.#framing.isEnded && rest.length > 0) {
      const { ahead } = this.#framing;
      if (ahead === 0) {
        rest = rest.subarray(this.#framing.skip(rest));
        continue;
      }
      const room = (this.taker as AnswerTaker).room();
      const part = rest.subarray(0, Math.min(ahead, room.length));
      room.set(part);
      this.#framing.advance(part.length);
      rest = rest.subarray(part.length);
      if ((this.taker as AnswerTaker).onBytes(part.length) || this.#framing.isEnded) continue;
      this.#held = rest;
      this.#isPaused = true;
      return false;
    }
    return this.#framing?.isEnded ? this.#end(rest.length > 0) : true;
  }

  /** Goes on after a pause. False: not yet. */
  resume(): boolean {
    this.#isPaused = false;
    const held = this.#held;
    this.#held = noBytes;
    return held.length === 0 || this.take(held);
  }

  /** The other side has ended the connection: so ends a body without a length. False where it had no right to. */
  close(): boolean {
    return this.#framing?.ahead === Number.POSITIVE_INFINITY && this.#end(true);
  }

  /** Gives what stands behind the head of the answer; nothing while that is not whole. */
  #takeHead(bytes: Uint8Array): Uint8Array {
    if (!this.taker) throw malformed();
    let rest: Uint8Array = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = noBytes;
    while (rest.length > 0) {
      const text = Buffer.from(rest.buffer, rest.byteOffset, rest.length);
      const end = text.indexOf(headEnd);
      if (end < 0) {
        if (rest.length > longestHead || text.includes(bareHeadEnd)) throw malformed();
        this.#held = rest.slice();
        return noBytes;
      }
      const head = parseHead(text.toString('utf8', 0, end));
      rest = rest.subarray(end + headEnd.length);
      if (head.status < 200) {
        this.#interimSize += end + headEnd.length;
        if (this.#interimSize > longestHead) throw malformed();
        if (head.status === 100) this.#onContinue();
        continue;
      }
      this.#head = head;
      this.#framing = framingOf(this.#method, head);
      this.taker.onHead(head);
      return rest;
    }
    return rest;
  }

  #end(isFollowed: boolean): true {
    const head = this.#head as AnswerHead;
    const taker = this.taker;
    this.forget();
    this.#onWhole(head, isFollowed);
    taker?.onEnd();
    return true;
  }
}
