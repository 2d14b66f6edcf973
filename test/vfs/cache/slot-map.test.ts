import { expect, test } from 'vitest';
import { createSlotMap } from '../../../src/vfs/cache/slot-map.ts';

test('a block that was being written while a record was made is news for the next record', () => {
  const slots = createSlotMap([]);
  const [slot = -1] = slots.take(1);
  const { runs, stands } = slots.snapshot();
  stands();
  slots.place(0, slot);
  expect(runs).toEqual([]);
  expect(slots.hasFresh()).toBe(true);
  expect(slots.snapshot().runs).toEqual([{ block: 0, slot, count: 1 }]);
  expect(slots.hasFresh()).toBe(false);
});
