import { Failure } from '../../core/failure.ts';
import { formatByteUnit } from '../../core/size.ts';
import type { Pending } from '../../vfs/content.ts';
import { fileCount } from '../format/file-count.ts';

/** `2 files, 1.500 GiB`. */
export function describePending({ files, bytes }: Pick<Pending, 'files' | 'bytes'>): string {
  return `${fileCount(files)}, ${formatByteUnit(bytes)}`;
}

/** The end of a mount at `mountPoint` that has left something. */
export function leftFailure(mountPoint: string, left: Pending): Failure {
  const message = `${mountPoint} is unmounted, but not all is uploaded (${describePending(left)})`;
  return new Failure('fatal', `${message}: ${nextMount}`, { path: mountPoint });
}

export const nextMount = 'where there is a cache, the next mount of the same remote has what is left';
