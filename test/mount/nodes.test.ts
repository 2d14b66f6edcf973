import { expect, test } from 'vitest';
import { createNodeTable } from '../../src/mount/nodes.ts';

const root = { id: 1, kind: 'folder' } as const;
const file = { id: 2, kind: 'file' } as const;

test('a node is known until it is forgotten as often as it was told of', () => {
  const nodes = createNodeTable(root);
  nodes.remember(file);
  nodes.remember(file);
  nodes.forget(2, 1);
  expect(nodes.get(2)).toBe(file);
  nodes.forget(2, 1);
  expect(nodes.get(2)).toBeUndefined();
  expect(nodes.size).toBe(0);
});

test('the root is always known', () => {
  const nodes = createNodeTable(root);
  nodes.remember(root);
  nodes.forget(1, 5);
  expect(nodes.get(1)).toBe(root);
});
