import { formatByteUnit } from '../../core/size.ts';
import type { Pending } from '../../vfs/content.ts';

/** `2 files, 1.500 GiB`. */
export function describePending({ files, bytes }: Pick<Pending, 'files' | 'bytes'>): string {
  return `${files} ${files === 1 ? 'file' : 'files'}, ${formatByteUnit(bytes)}`;
}
