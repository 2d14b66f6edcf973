import { unlessAbsent } from '../../core/failure.ts';
import type { Usage } from '../../core/remote.ts';
import type { FileSystemUsage } from '../vfs.ts';
import type { Tree } from './tree.ts';

/** What lies behind the tree; null where the store does not say. */
export async function usageOf(tree: Tree): Promise<FileSystemUsage | null> {
  const { total, free } = (await aboutFolder(tree)) ?? {};
  return total === undefined || free === undefined ? null : { total, free };
}

// Milliseconds. umount(8) asks as well: while the store is silent, the folder could not be unmounted.
const patience = 1000;

/** Null also for a folder that the first file will make, and where the store does not answer. */
async function aboutFolder({ remote, rootPath, asking }: Tree): Promise<Usage | null> {
  if (!remote.about) return null;
  const late = new Promise<null>((resolve) => setTimeout(resolve, patience, null).unref());
  return Promise.race([unlessAbsent(remote.about(rootPath, asking)), late]);
}
