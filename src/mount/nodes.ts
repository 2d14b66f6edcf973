import type { Node } from '../vfs/vfs.ts';

/** The nodes that the kernel knows, by number. It counts how often it was told of each, and says when it forgets. */
export interface NodeTable {
  /** Undefined for a node that the kernel has forgotten. */
  get(id: number): Node | undefined;
  /** The kernel is told of `node` once more. */
  remember(node: Node): void;
  forget(id: number, times: number): void;
  /** How many nodes the kernel knows beside the root. */
  readonly size: number;
}

export function createNodeTable(root: Node): NodeTable {
  const known = new Map<number, { readonly node: Node; lookups: number }>();
  return {
    get: (id) => (id === root.id ? root : known.get(id)?.node),
    remember(node) {
      if (node.id === root.id) return;
      const entry = known.get(node.id);
      if (entry) entry.lookups++;
      else known.set(node.id, { node, lookups: 1 });
    },
    forget(id, times) {
      const entry = known.get(id);
      if (!entry) return;
      entry.lookups -= times;
      if (entry.lookups <= 0) known.delete(id);
    },
    get size() {
      return known.size;
    },
  };
}
