import type { Pace } from '../../core/pace.ts';
import type { AnswerTaker } from './answer-reader.ts';

/** Takes an answer's body no faster than the pace lets it: the connection is not read meanwhile. `resume` goes on with that. */
export function pacedAnswer(taker: AnswerTaker, pace: Pace, resume: () => void): AnswerTaker {
  // Counts what the taker is told, so that a pause ends only where nothing else has happened since.
  let turn = 0;
  return {
    onHead: (head) => taker.onHead(head),
    room() {
      const room = taker.room();
      const slice = pace.slice();
      return room.length > slice ? room.subarray(0, slice) : room;
    },
    onBytes(length) {
      const delay = pace.reserve(length);
      const mine = ++turn;
      const wantsMore = taker.onBytes(length);
      if (!wantsMore || delay === 0) return wantsMore;
      setTimeout(() => turn === mine && resume(), delay);
      return false;
    },
    onEnd() {
      turn++;
      taker.onEnd();
    },
    onError(error) {
      turn++;
      taker.onError(error);
    },
  };
}
