import { type Bytes, type Range, rangeLength, type Source, watched } from '../core/bytes.ts';
import { isFailure } from '../core/failure.ts';

/** How one upload is ended before it has come to its end. */
export interface Cutting {
  /** For the request: aborts where the upload is cut. */
  readonly signal: AbortSignal;
  readonly isCut: boolean;
  /** `source`, watched: to be uploaded instead of it. */
  watched(source: Source): Source;
  /** For the request: as `Call.onSending`. */
  onSending(isSending: boolean): void;
  /** Ends the upload: at once while the store lacks some of the bytes. Once it has been given all of them it may keep them,
   *  whatever becomes of the request, and show them much later, over newer ones: then its answer is waited for, up to
   *  `patience` milliseconds. */
  cut(): void;
  /** Whether an upload that ended with `error` may stand on the remote nonetheless: cut while it was sent, or sent whole and its
   *  answer lost. */
  mayHaveArrived(error: unknown): boolean;
  /** To be called when the upload has ended. */
  ended(): void;
}

const patience = 10_000;

export function startCutting(): Cutting {
  const control = new AbortController();
  // What the store may have got.
  let given: 'nothing' | 'some' | 'all' = 'nothing';
  let isReadThrough = false;
  let waiting: NodeJS.Timeout | undefined;

  function readThrough(): void {
    isReadThrough = true;
    given = 'all';
  }

  function watch(source: Source, range: Range): Bytes {
    const { size } = source;
    if (given === 'nothing') given = 'some';
    if (size === null || size === 0) {
      readThrough();
      return source.open(range);
    }
    let left = rangeLength(range, size);
    const isLast = range.start + left >= size;
    return watched(source.open(range), {
      onPiece(piece) {
        left -= piece.length;
        // Before it is sent: whoever waits for it does not ask for more.
        if (isLast && left <= 0) readThrough();
      },
    });
  }

  return {
    signal: control.signal,
    get isCut() {
      return control.signal.aborted;
    },
    watched: (source) => ({ ...source, open: (range = { start: 0 }) => watch(source, range) }),
    onSending(isSending) {
      if (!isSending) given = 'nothing';
      else if (isReadThrough) given = 'all';
    },
    cut() {
      if (given !== 'all') control.abort();
      else waiting ??= setTimeout(() => control.abort(), patience).unref();
    },
    mayHaveArrived: (error) =>
      given !== 'nothing' && (control.signal.aborted || (given === 'all' && isFailure(error, 'transient', 'corrupt'))),
    ended: () => clearTimeout(waiting),
  };
}
