import { expect, test } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { withRetries } from '../../src/transfer/retry.ts';
import { testSession } from './session.ts';

test.for([
  [30_000, false],
  [3_600_000, true],
] as const)(
  'a store that asks to wait %i ms is waited for, and the user told where that is long: %s',
  async ([retryAfter, isTold]) => {
    const control = new AbortController();
    const session = testSession({ lowLevelRetries: 2 }, { signal: control.signal });
    const refused = new Failure('transient', 'the store answers 503', { retryAfter });
    const waiting = withRetries(session, 'a.txt', async () => {
      setImmediate(() => control.abort(new Failure('cancelled', 'stopped')));
      throw refused;
    });
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    const told = /^NOTICE a\.txt: Received retry after error - sleeping until \d{4}-.*: the store answers 503$/;
    expect(session.lines.some((line) => told.test(line))).toBe(isTold);
  },
);
