import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BodyFaults {
  readonly corrupt: number | undefined;
  readonly stall: number | undefined;
  /** Where `onCut` is called. */
  readonly cut: number | undefined;
  /** Bytes a second. */
  readonly speed: number | undefined;
}

/** Passes a body on, spoiled. */
export function spoil({ corrupt = -1, stall, cut, speed }: BodyFaults, onCut: () => void): Transform {
  const limit = Math.min(stall ?? Number.POSITIVE_INFINITY, cut ?? Number.POSITIVE_INFINITY);
  let passed = 0;
  return new Transform({
    highWaterMark: 65_536,
    async transform(chunk: Buffer, _encoding, done) {
      const piece = chunk.subarray(0, Math.max(0, limit - passed));
      if (corrupt >= passed && corrupt < passed + piece.length)
        piece[corrupt - passed] = ~(piece[corrupt - passed] ?? 0);
      passed += piece.length;
      if (speed !== undefined) await sleep((piece.length * 1000) / speed);
      if (piece.length > 0) this.push(piece);
      if (passed < limit) return done();
      // never done: what follows waits for ever. A cut lets what was passed on leave first.
      if (limit === cut) setTimeout(onCut, 20);
    },
  });
}
