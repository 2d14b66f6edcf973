import { describe, expect, it } from 'vitest';
import { collect, sourceOf } from '../../src/core/bytes.ts';
import { createBandwidth, createPace, createTurns, type Pace, paced, pacedSource } from '../../src/core/pace.ts';
import { parseTimetable } from '../../src/core/timetable.ts';

function clocked(rate: () => number): { pace: Pace; wait(milliseconds: number): void } {
  let time = 5_000;
  return {
    pace: createPace(rate, () => time),
    wait(milliseconds) {
      time += milliseconds;
    },
  };
}

describe('turns', () => {
  it.each([
    [1, [0, 200, 400, 600]],
    [3, [0, 0, 0, 200]],
    [0, [0, 200, 400, 600]],
  ])('of 5 a second, %i at once', (burst, delays) => {
    let time = 1_000;
    const turn = createTurns(5, burst, () => time);
    expect(delays.map(() => turn?.())).toEqual(delays);
    time += 60_000;
    expect(delays.map(() => turn?.())).toEqual(delays);
  });

  it('are nobody’s without a limit', () => expect([createTurns(0, 1), createTurns(-1, 1)]).toEqual([null, null]));
});

describe('a pace', () => {
  it('lets bytes wait for their time, and those that come later for all before them', () => {
    const { pace, wait } = clocked(() => 1000);
    expect([pace.reserve(500), pace.reserve(500), pace.reserve(1000)]).toEqual([500, 1000, 2000]);
    wait(1500);
    expect(pace.reserve(100)).toBe(600);
  });

  it('makes up for a second of silence, and no more', () => {
    const { pace, wait } = clocked(() => 1000);
    wait(60_000);
    expect(pace.reserve(1000)).toBe(0);
    expect(pace.reserve(300)).toBe(300);
  });

  it('follows a rate that changes', () => {
    let rate = 1000;
    const { pace, wait } = clocked(() => rate);
    expect(pace.reserve(1000)).toBe(1000);
    rate = -1;
    expect(pace.reserve(1e9)).toBe(0);
    wait(1000);
    rate = 100;
    expect(pace.reserve(100)).toBe(1000);
  });

  it('cuts low rates fine', () => {
    expect(createPace(() => 16 * 4096).slice()).toBe(4096);
    expect(createPace(() => 10).slice()).toBe(1024);
    expect(createPace(() => 1e12).slice()).toBe(1 << 20);
    expect(createPace(() => 0).slice()).toBe(1 << 20);
  });
});

describe('paced bytes', () => {
  const data = Buffer.from('0123456789'.repeat(1000));

  it('are the same bytes, in slices that nobody else writes to', async () => {
    const asked: number[] = [];
    const pace: Pace = {
      slice: () => 4096,
      reserve(length) {
        asked.push(length);
        return 0;
      },
    };
    async function* reusing() {
      const piece = new Uint8Array(5000);
      for (let start = 0; start < data.length; start += 5000) {
        piece.set(data.subarray(start, start + 5000));
        yield piece;
      }
    }
    const slices = [];
    for await (const slice of paced(reusing(), [pace])) slices.push(slice);
    expect(Buffer.concat(slices)).toEqual(data);
    expect(asked).toEqual([4096, 904, 4096, 904]);
  });

  it('wait for the slowest of several paces', async () => {
    const slow = createPace(() => 40_000);
    const since = performance.now();
    await collect(paced(sourceOf(data).open(), [createPace(() => 0), slow]));
    expect(performance.now() - since).toBeGreaterThan(200);
  });

  it('end when the signal says so', async () => {
    const stop = new AbortController();
    const reading = collect(paced(sourceOf(data).open(), [createPace(() => 1)], stop.signal));
    stop.abort();
    await expect(reading).rejects.toThrow();
  });

  it('a source can be opened anywhere', async () => {
    const source = pacedSource(sourceOf(data), [createPace(() => 0)]);
    expect(Buffer.from(await collect(source.open({ start: 3, end: 7 })))).toEqual(Buffer.from('3456'));
    expect(source.size).toBe(10_000);
  });
});

describe('the limits of a command line', () => {
  it('without any there is nothing to ask', () => {
    expect(createBandwidth(null, null)).toBeNull();
    expect(createBandwidth(parseTimetable('1M'), null)?.ofFile).toBeNull();
    expect(createBandwidth(null, parseTimetable('1M'))).toMatchObject({
      up: null,
      down: null,
      read: null,
      write: null,
    });
  });

  it('limit a disk by the larger of both directions, where both are limited', () => {
    const slices = (text: string) => {
      const { up, down, read, write } = createBandwidth(parseTimetable(text), null) ?? {};
      return [up, down, read, write].map((pace) => pace?.slice());
    };
    expect(slices('32k:64k')).toEqual([2048, 4096, 4096, 4096]);
    expect(slices('32k:off')).toEqual([2048, 1 << 20, 1 << 20, 1 << 20]);
  });
});
