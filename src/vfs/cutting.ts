import { type Bytes, type Range, rangeLength, type Source, watched } from '../core/bytes.ts';
import { isFailure } from '../core/failure.ts';

/** How one upload is ended before it has come to its end. */
export interface Cutting {
  /** For the request: aborts where the upload is cut. */
  readonly signal: AbortSignal;
  readonly isCut: boolean;
  /** `source`, watched: to be uploaded instead of it. */
  watched(source: Source): Source;
  /** Ends the upload: at once while the store lacks some of the bytes. Once it has been given all of them it may keep them,
   *  whatever becomes of the request, and show them much later, over newer ones: then its answer is waited for, up to
   *  `patience` milliseconds. */
  cut(): void;
  /** Whether an upload that ended with `error` may stand on the remote nonetheless: cut, or sent whole and its answer lost. */
  mayHaveArrived(error: unknown): boolean;
  /** To be called when the upload has ended. */
  ended(): void;
}

const patience = 10_000;

export function startCutting(): Cutting {
  const control = new AbortController();
  let isGivenAll = false;
  let waiting: NodeJS.Timeout | undefined;

  function watch(source: Source, size: number, range: Range): Bytes {
    let left = rangeLength(range, size);
    const isLast = range.start + left >= size;
    return watched(source.open(range), {
      onPiece(piece) {
        left -= piece.length;
        // Before it is sent: whoever waits for it does not ask for more.
        if (isLast && left <= 0) isGivenAll = true;
      },
    });
  }

  return {
    signal: control.signal,
    get isCut() {
      return control.signal.aborted;
    },
    watched(source) {
      const { size } = source;
      if (size === null || size === 0) {
        isGivenAll = true;
        return source;
      }
      return { ...source, open: (range = { start: 0 }) => watch(source, size, range) };
    },
    cut() {
      if (!isGivenAll) control.abort();
      else waiting ??= setTimeout(() => control.abort(), patience).unref();
    },
    mayHaveArrived: (error) => control.signal.aborted || (isGivenAll && isFailure(error, 'transient', 'corrupt')),
    ended: () => clearTimeout(waiting),
  };
}
