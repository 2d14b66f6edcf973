import { bytesToName } from '../core/name-bytes.ts';
import type { Report } from '../core/report.ts';

/** Path → hash in lower case. */
export type Sums = ReadonlyMap<string, string>;

// What md5sum writes: the hash, a space, a space or a star, the name.
const sumLine = /^([^ ]+) [ *](.+)$/s;

const mostWarnings = 3;

/** Reads what md5sum and its kind write. A line of another form, or of a name that stood before, is told and left out. */
export function parseSums(bytes: Uint8Array, name: string, report: Report): Sums {
  const sums = new Map<string, string>();
  let warnings = 0;
  const warn = (message: string): void => {
    warnings++;
    if (warnings <= mostWarnings) report.notice(name, message);
  };
  for (const [index, line] of bytesToName(bytes).split(/\r?\n/).entries()) {
    if (line === '') continue;
    const [, sum, path] = sumLine.exec(line) ?? [];
    if (sum === undefined || path === undefined) warn(`improperly formatted checksum line ${index + 1}`);
    else if (sums.has(path)) warn(`duplicate file on checksum line ${index + 1}`);
    else sums.set(path, sum.toLowerCase());
  }
  if (warnings > mostWarnings) report.notice(name, `${warnings - mostWarnings} warning(s) suppressed...`);
  return sums;
}
