import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { joinPath } from '../../../src/core/path.ts';
import type { Filter } from '../../../src/transfer/filter/filter.ts';

/** One folder and what is in it, read once so that many filters can be tried. */
export interface Tree {
  readonly files: readonly { readonly name: string; readonly size: number; readonly modified: bigint }[];
  readonly folders: readonly { readonly name: string; readonly tree: Tree }[];
}

export async function readTree(folder: string): Promise<Tree> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const folders = entries.filter((entry) => entry.isDirectory());
  return {
    files: await Promise.all(
      files.map(async ({ name }) => {
        const { size, mtimeNs } = await lstat(join(folder, name), { bigint: true });
        return { name, size: Number(size), modified: mtimeNs };
      }),
    ),
    folders: await Promise.all(folders.map(async ({ name }) => ({ name, tree: await readTree(join(folder, name)) }))),
  };
}

/** The files that pass, sorted, pruning folders as a transfer does. */
export function walk(tree: Tree, filter: Filter, dir = ''): string[] {
  if (tree.files.some(({ name }) => filter.excludeIfPresent.includes(name))) return [];
  const here = tree.files
    .map(({ name, size, modified }) => ({ path: joinPath(dir, name), size, modified }))
    .filter(({ path, size, modified }) => filter.includesFile(path, size, modified))
    .map(({ path }) => path);
  const below = tree.folders
    .map(({ name, tree: inner }) => ({ path: joinPath(dir, name), inner }))
    .filter(({ path }) => filter.includesFolder(path))
    .flatMap(({ path, inner }) => walk(inner, filter, path));
  return [...here, ...below].sort();
}
