import { expect, it } from 'vitest';
import { createWaitingLine } from '../../src/transfer/waiting-line.ts';

const numbers = Array.from({ length: 500 }, (_, index) => (index * 7919) % 500);
const sorted = [...numbers].sort((a, b) => a - b);

function line() {
  return createWaitingLine<number>((a, b) => a - b);
}

it('gives the first of those that wait, or the last', () => {
  const waiting = line();
  for (const number of numbers) waiting.add(number);
  expect(waiting.length).toBe(500);
  const taken = sorted.map((_, index) => (index % 3 === 0 ? waiting.takeLast() : waiting.takeFirst()));
  expect([...taken].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(sorted);
  expect(taken.slice(0, 4)).toEqual([499, 0, 1, 498]);
  expect([waiting.length, waiting.takeFirst(), waiting.takeLast()]).toEqual([0, undefined, undefined]);
});

it('takes and adds in turns', () => {
  const waiting = line();
  const taken = [];
  for (const number of numbers) {
    waiting.add(number);
    waiting.add(number + 1000);
    taken.push(waiting.takeFirst());
  }
  while (waiting.length > 0) taken.push(waiting.takeFirst());
  expect(taken).toHaveLength(1000);
  expect(taken.slice(500).every((number, index, rest) => index === 0 || (number ?? 0) >= (rest[index - 1] ?? 0))).toBe(
    true,
  );
});

it('held, it is sorted once; equal ones keep their order', () => {
  const waiting = createWaitingLine<string>((a, b) => a.length - b.length);
  waiting.hold(true);
  for (const word of ['ccc', 'b', 'aa', 'a', 'bb']) waiting.add(word);
  waiting.hold(false);
  expect(Array.from({ length: 5 }, () => waiting.takeFirst())).toEqual(['b', 'a', 'aa', 'bb', 'ccc']);
});
