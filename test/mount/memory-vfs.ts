import { Failure } from '../../src/core/failure.ts';
import type { AttributeChanges, Attributes, Change, Handle, Node, OpenMode, Vfs } from '../../src/vfs/vfs.ts';

interface MemoryNode extends Node {
  children: Map<string, MemoryNode>;
  /** By number of the block, so that a file may be sparse. */
  blocks: Map<number, Uint8Array>;
  attributes: Attributes;
}

const blockSize = 1 << 16;

export interface MemoryVfs extends Vfs {
  /** What a test has the Vfs do before it opens a file. */
  beforeOpen: (node: Node) => Promise<void>;
  change(change: Change): void;
  /** Files that are open. */
  readonly openFiles: number;
}

/** A Vfs of which a test knows all: what a driver is held against. */
export function createMemoryVfs(): MemoryVfs {
  let lastId = 0;
  let openFiles = 0;
  const listeners = new Set<(change: Change) => void>();
  const now = (): bigint => BigInt(Date.now()) * 1_000_000n;

  function make(kind: Node['kind']): MemoryNode {
    const time = now();
    const times = { modified: time, accessed: time, changed: time };
    const mode = kind === 'folder' ? 0o755 : 0o644;
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const attributes: Attributes = { kind, size: 0, ...times, mode, ...owner, links: 1 };
    return { id: ++lastId, kind, children: new Map(), blocks: new Map(), attributes };
  }
  const inside = (node: Node): MemoryNode => node as MemoryNode;
  const root = make('folder');

  function alter(node: MemoryNode, changes: Partial<Attributes>): void {
    node.attributes = { ...node.attributes, ...changes };
  }

  function resize(node: MemoryNode, size: number): void {
    const kept = Math.ceil(size / blockSize);
    for (const number of node.blocks.keys()) if (number >= kept) node.blocks.delete(number);
    node.blocks.get(kept - 1)?.fill(0, size - (kept - 1) * blockSize);
    alter(node, { size, modified: now() });
  }

  function add(folder: Node, name: string, kind: Node['kind']): MemoryNode {
    const { children } = inside(folder);
    if (children.has(name)) throw new Failure('exists', `${name} exists`);
    const node = make(kind);
    children.set(name, node);
    return node;
  }

  function take(folder: Node, name: string, kind: Node['kind']): MemoryNode {
    const node = inside(folder).children.get(name);
    if (!node) throw new Failure('not-found', `${name} does not exist`);
    if (node.kind !== kind) throw new Failure('is-folder', `${name} is no ${kind}`);
    return node;
  }

  function open(node: MemoryNode, how: OpenMode): Handle {
    openFiles++;
    if (how.truncate) resize(node, 0);
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const out = new Uint8Array(Math.max(0, Math.min(length, node.attributes.size - offset)));
      eachBlock(offset, out.length, (number, start, position, size) => {
        const block = node.blocks.get(number);
        if (block) out.set(block.subarray(start, start + size), position);
      });
      return out;
    };
    return {
      node,
      read,
      readNow: () => null,
      readSoon: read,
      async write(offset, data) {
        const at = offset === 'end' ? node.attributes.size : offset;
        eachBlock(at, data.length, (number, start, position, size) => {
          const block = node.blocks.get(number) ?? new Uint8Array(blockSize);
          block.set(data.subarray(position, position + size), start);
          node.blocks.set(number, block);
        });
        alter(node, { size: Math.max(node.attributes.size, at + data.length), modified: now() });
      },
      async flush() {},
      async sync() {},
      async close() {
        openFiles--;
      },
    };
  }

  const vfs: MemoryVfs = {
    root,
    beforeOpen: async () => {},
    get openFiles() {
      return openFiles;
    },
    change(change) {
      for (const listener of listeners) listener(change);
    },
    lookup: (folder, name) => inside(folder).children.get(name) ?? null,
    attributes: (node) => inside(node).attributes,
    list: async (folder) => [...inside(folder).children].map(([name, node]) => ({ name, node })),
    makeFolder: async (folder, name) => add(folder, name, 'folder'),
    makeFile: async (folder, name, how) => open(add(folder, name, 'file'), how),
    async makeLink() {
      throw new Failure('unsupported', 'no symlinks are kept here');
    },
    async readLink() {
      throw new Failure('usage', 'no symlinks are kept here');
    },
    keepsExtended: false,
    extendedAttributes: async () => new Map(),
    async setExtendedAttribute() {
      throw new Failure('unsupported', 'no extended attributes are kept here');
    },
    async remove(folder, name) {
      alter(take(folder, name, 'file'), { links: 0 });
      inside(folder).children.delete(name);
    },
    async removeFolder(folder, name) {
      if (take(folder, name, 'folder').children.size > 0) throw new Failure('not-empty', `${name} is not empty`);
      inside(folder).children.delete(name);
    },
    async rename(folder, name, toFolder, toName, { replace, exchange }) {
      const [from, to] = [inside(folder).children, inside(toFolder).children];
      const node = from.get(name);
      const other = to.get(toName);
      if (!node || (exchange && !other)) throw new Failure('not-found', `${name} does not exist`);
      if (other && !replace) throw new Failure('exists', `${toName} exists`);
      from.delete(name);
      to.set(toName, node);
      if (exchange && other) from.set(name, other);
    },
    async setAttributes(node, changes: AttributeChanges) {
      if (changes.uid !== undefined) throw new Failure('unsupported', 'no owners are kept here');
      if (changes.size !== undefined) resize(inside(node), changes.size);
      alter(inside(node), changes);
      return inside(node).attributes;
    },
    async open(node, how) {
      await vfs.beforeOpen(node);
      return open(inside(node), how);
    },
    usage: async () => ({ total: 1 << 30, free: 1 << 29 }),
    invalidate() {},
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pending: () => ({ files: 0, bytes: 0, failures: [] }),
    drain: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return vfs;
}

function eachBlock(
  offset: number,
  length: number,
  visit: (number: number, start: number, position: number, size: number) => void,
): void {
  for (let position = 0; position < length; ) {
    const number = Math.floor((offset + position) / blockSize);
    const start = offset + position - number * blockSize;
    const size = Math.min(blockSize - start, length - position);
    visit(number, start, position, size);
    position += size;
  }
}
