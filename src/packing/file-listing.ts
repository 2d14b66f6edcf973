import { calendarDate, monthNames } from '../core/calendar.ts';
import type { Nanoseconds } from '../core/entry.ts';
import { pad } from '../core/rfc3339.ts';
import type { TarEntry } from '../formats/tar/entry.ts';
import type { Item } from './collect.ts';

/** A file that an `_ameta` lists. */
export interface ListedFile {
  readonly size: number;
  /** As `ls -l` was given it: from the input on. */
  readonly path: string;
}

/** The files of a listing; lines of other kinds are passed over. */
export function listedFiles(listing: readonly string[]): readonly ListedFile[] {
  return listing.flatMap((line) => {
    const match = /^[-l][-rwxsStT]{9}\S* +\d+ +\S+ +\S+ +(\d+) +\S+ +\S+ +\S+ (.+)$/.exec(line);
    return match ? [{ size: Number(match[1]), path: match[2] as string }] : [];
  });
}

/** What `find INPUT -type f -print0 | xargs -0 ls -l` prints; `input` stands in the place of the top folder's name. */
export function formatListing(items: readonly Item[], input: string, now: Date): readonly string[] {
  const files = items.filter(({ stats }) => stats.isFile());
  if (files.length === 0) return ['Empty directory'];
  const rows = files.map(({ entry, stats }) => ({
    links: String(stats.nlink),
    owner: entry.owner || String(entry.uid),
    group: entry.group || String(entry.gid),
    size: String(stats.size),
    rest: `${dateText(entry.modified, now)} ${oneLine(listedPath(entry.path, input))}`,
    mode: `-${modeText(entry.mode)}`,
  }));
  const width = (key: 'links' | 'owner' | 'group' | 'size'): number =>
    rows.reduce((most, row) => Math.max(most, row[key].length), 0);
  const [links, owner, group, size] = [width('links'), width('owner'), width('group'), width('size')];
  return rows.map((row) =>
    [
      row.mode,
      row.links.padStart(links),
      row.owner.padEnd(owner),
      row.group.padEnd(group),
      row.size.padStart(size),
      row.rest,
    ].join(' '),
  );
}

function listedPath(path: TarEntry['path'], input: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? input : `${input}${path.slice(slash)}`;
}

function modeText(mode: number): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-'));
  const special = (bit: number, at: number, letter: string): void => {
    if (mode & bit) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(0o4000, 2, 's');
  special(0o2000, 5, 's');
  special(0o1000, 8, 't');
  return bits.join('');
}

// Half of a mean year: from then on ls shows the year in place of the hour.
const recent = 15_778_476_000;

function dateText(modified: Nanoseconds, now: Date): string {
  const { date, years } = calendarDate(modified);
  const age = years === 0 ? now.getTime() - date.getTime() : Number.POSITIVE_INFINITY;
  const isRecent = age >= 0 && age < recent;
  const year = ` ${date.getFullYear() + years}`;
  const last = isRecent ? `${pad(date.getHours())}:${pad(date.getMinutes())}` : year;
  return `${monthNames[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${last}`;
}

/** A line break in a name must not make a line of its own. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '?');
}
