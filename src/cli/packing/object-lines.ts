import type { Ameta } from '../../packing/ameta.ts';
import { listedFiles } from '../../packing/file-listing.ts';
import type { FoundObject } from '../../packing/found-objects.ts';
import type { Description } from '../../packing/sealed-ameta.ts';
import { fileCount } from '../format/file-count.ts';
import { formatSeconds } from '../format/time.ts';

/** What `objects --long` prints of an object: its line, and one that tells where it came from. */
export function longLines({ file }: FoundObject, { ameta, closed }: Description, place: string): string {
  const time = file.modified === null ? '-'.padEnd(19) : formatSeconds(file.modified);
  const line = `${String(file.size).padStart(12)} ${time} ${place}`;
  const origin = ameta ? originText(ameta) : closed === null ? null : `its description does not open: ${closed}`;
  return origin === null ? line : `${line}\n${' '.repeat(13)}${origin}`;
}

function originText(ameta: Ameta): string {
  const files = listedFiles(ameta.listing);
  const parts = [
    `from ${ameta.originalLocation || ameta.input}`,
    `by ${ameta.user || '?'} on ${ameta.host || '?'}`,
    ...(files.length > 0 ? [fileCount(files.length)] : []),
    ...(ameta.note === '' ? [] : [`"${ameta.note}"`]),
  ];
  return parts.join(', ');
}
