import { Failure } from '../../core/failure.ts';
import { isValidText } from '../../core/name-bytes.ts';
import type { Node, Vfs } from '../../vfs/vfs.ts';

/** A name in a folder. */
export interface Place {
  readonly folder: Node;
  readonly name: string;
}

/** The nodes behind libfuse's paths, which begin with `/`. */
export interface Paths {
  /** Throws Failure('not-found'). */
  find(path: string): Promise<Node>;
  /** Throws Failure('folder-not-found'). */
  place(path: string): Promise<Place>;
  /** From now on, `path` is that of a node which has been removed and is still open. */
  hide(path: string, node: Node): void;
  /** True when `path` was that of such a node. */
  forget(path: string): boolean;
}

export function createPaths(vfs: Vfs): Paths {
  const hidden = new Map<string, Node>();

  async function walk(names: readonly string[]): Promise<Node | null> {
    let node: Node | null = vfs.root;
    for (const name of names) {
      if (node === null) return null;
      node = await vfs.lookup(node, checked(name));
    }
    return node;
  }

  return {
    async find(path) {
      const node = hidden.get(path) ?? (await walk(namesOf(path)));
      if (!node) throw new Failure('not-found', `${path} does not exist`, { path });
      return node;
    },
    async place(path) {
      const names = namesOf(path);
      const folder = await walk(names.slice(0, -1));
      if (!folder) throw new Failure('folder-not-found', `the folder of ${path} does not exist`, { path });
      return { folder, name: checked(names.at(-1) ?? '') };
    },
    hide: (path, node) => void hidden.set(path, node),
    forget: (path) => hidden.delete(path),
  };
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '');
}

const replacement = '\ufffd';

/** Names of other bytes than UTF-8 come with replacement characters in the place of these: they can't be told apart. */
function checked(name: string): string {
  if (!name.includes(replacement)) return name;
  throw new Failure('unsupported', `${name}: the transport fuse-native has only names that are UTF-8`);
}

/** False for a name that would reach programs as another. */
export function canShow(name: string): boolean {
  return isValidText(name) && !name.includes(replacement);
}
