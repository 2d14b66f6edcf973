import { describe, expect, test } from 'vitest';
import { type Awaitable, inTurn, whenEnded, whenFailed, whenThere } from '../../src/core/awaitable.ts';

const fault = new Error('fault');
const ways = [
  { how: 'at once', give: <T>(value: T): Awaitable<T> => value, fail: (): Awaitable<never> => raise() },
  {
    how: 'later',
    give: <T>(value: T): Awaitable<T> => Promise.resolve(value),
    fail: (): Awaitable<never> => Promise.reject(fault),
  },
];

function raise(): never {
  throw fault;
}

describe.for(ways)('what comes $how', ({ how, give, fail }) => {
  test('is made into something else', async () => {
    const made = whenThere(give(1), (one) => give(one + 1));
    expect(made instanceof Promise).toBe(how === 'later');
    expect(await made).toBe(2);
  });

  test('is given as it is where it has not failed, and something instead of it where it has', async () => {
    expect(await whenFailed(() => give(1), raise)).toBe(1);
    expect(await whenFailed<number>(fail, (error) => give(error === fault ? 2 : 3))).toBe(2);
    const other = new Error('other');
    const failed = async () => whenFailed(fail, () => Promise.reject(other));
    await expect(failed()).rejects.toBe(other);
  });

  test('is done one after the other, as far as that goes', async () => {
    const done: number[] = [];
    const doing = inTurn([1, 2, 3], (item) => whenThere(give(item), (given) => void done.push(given)));
    expect(doing instanceof Promise).toBe(how === 'later');
    await doing;
    expect(done).toEqual([1, 2, 3]);
    const failed = async () => inTurn([4, 5, 6], (item) => (item === 5 ? fail() : void done.push(item)));
    await expect(failed()).rejects.toBe(fault);
    expect(done).toEqual([1, 2, 3, 4]);
  });

  test('is given when what has to be done last is done, after a failure too', async () => {
    const done: string[] = [];
    const last = (): Awaitable<void> => whenThere(give('last'), (name) => void done.push(name));
    expect(await whenEnded(() => whenThere(give('first'), (name) => done.push(name)), last)).toBe(1);
    expect(done).toEqual(['first', 'last']);
    const failed = async () => whenEnded(fail, last);
    await expect(failed()).rejects.toBe(fault);
    expect(done).toEqual(['first', 'last', 'last']);
    const failedLast = async () => whenEnded(() => give(1), fail);
    await expect(failedLast()).rejects.toBe(fault);
  });
});
