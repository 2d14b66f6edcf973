import { expect, test } from 'vitest';
import { createIdleSet } from '../../src/vfs/idle-set.ts';

test('of too many that are idle, the one that is for longest is closed', () => {
  const closed: string[] = [];
  const idle = createIdleSet<{ name: string }>(2);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ name })) as [{ name: string }, ...{ name: string }[]];
  const add = (item: { name: string }): void => idle.add(item, () => closed.push(item.name));
  for (const item of [a, b, a]) add(item as { name: string });
  add(c as { name: string });
  expect(closed).toEqual(['b']);
  idle.delete(a);
  add(d as { name: string });
  expect(closed).toEqual(['b']);
  add(a);
  expect(closed).toEqual(['b', 'c']);
});
