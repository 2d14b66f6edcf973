import { whenThere } from '../core/awaitable.ts';
import type { FileEntry } from '../core/entry.ts';
import type { Location } from '../core/remote.ts';
import { compareKeys, type Key, keyOf, parseOrder } from './order.ts';
import { createPool } from './pool.ts';
import type { Session } from './session.ts';
import type { TransferQueue } from './transfer.ts';
import { createWaitingLine } from './waiting-line.ts';

interface Waiting {
  readonly key: Key;
  readonly task: () => Promise<void>;
}

/** A queue that begins in the order of `--order-by`, and, with `--check-first`, only when it is drained: when all checks have
 *  been made. Throws Failure('fatal') for an order that is none. */
export function createOrderedQueue(session: Session, from: Location): TransferQueue {
  const { transfers, maxBacklog, checkFirst, orderBy } = session.options;
  const order = parseOrder(orderBy);
  const line = createWaitingLine<Waiting>((a, b) => (order ? compareKeys(order, a.key, b.key) : 0));
  const pool = createPool(transfers, checkFirst ? Number.POSITIVE_INFINITY : maxBacklog);
  // The places of transfers that run at once, of which a share takes the last in line.
  const free = Array.from({ length: transfers }, (_, place) => place);
  if (checkFirst) line.hold(true);

  async function next(): Promise<void> {
    const place = free.shift() ?? 0;
    const fromFront = !order || Math.floor((100 * place) / transfers) < order.share;
    try {
      await (fromFront ? line.takeFirst() : line.takeLast())?.task();
    } finally {
      free.push(place);
    }
  }

  return {
    add: (task, file: FileEntry) =>
      whenThere(order ? keyOf(session, from, order, file) : 0, (key) => {
        line.add({ key, task });
        return checkFirst ? undefined : pool.add(next);
      }),
    async drain() {
      if (checkFirst) {
        line.hold(false);
        session.report.info('', 'Checks finished, now starting transfers');
        for (let waiting = line.length; waiting > 0; waiting--) await pool.add(next);
      }
      await pool.drain();
    },
  };
}
