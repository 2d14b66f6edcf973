import { formatByteUnit } from '../../core/size.ts';
import type { Pending } from '../../vfs/content.ts';
import { fileCount } from '../format/file-count.ts';

/** `2 files, 1.500 GiB`. */
export function describePending({ files, bytes }: Pick<Pending, 'files' | 'bytes'>): string {
  return `${fileCount(files)}, ${formatByteUnit(bytes)}`;
}
