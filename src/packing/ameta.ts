import { calendarDate } from '../core/calendar.ts';
import type { Nanoseconds } from '../core/entry.ts';
import type { TarEntry } from '../formats/tar/entry.ts';
import type { Item } from './collect.ts';

/** What stands beside an object and tells where it came from: the Allas tools' `_ameta`. */
export interface Ameta {
  readonly user: string;
  readonly host: string;
  readonly hostName: string;
  /** As it was given on the command line. */
  readonly input: string;
  /** Absolute. */
  readonly originalLocation: string;
  readonly protocol: string;
  readonly compression: string;
  /** '' for none. */
  readonly encryption: string;
  /** Whether it was sealed to CSC's key too. */
  readonly isForSdConnect: boolean;
  /** The user's own words; '' for none. */
  readonly note: string;
  /** A line of `ls -l` for each file, or one that says why there are none. */
  readonly listing: readonly string[];
}

/** The text as a-put writes it, field by field, with its two blanks at the ends of lines. */
export function formatAmeta(ameta: Ameta): string {
  const lines = [
    `user: ${ameta.user}`,
    `host: ${ameta.host}`,
    `host_name: ${ameta.hostName}`,
    `input: ${ameta.input}`,
    `original_location: ${ameta.originalLocation} `,
    ameta.protocol === 'swift' ? 'protocol: swift' : `protocol: ${ameta.protocol} `,
    `compression: ${ameta.compression}`,
    ...(ameta.encryption === '' ? [] : [`encryption: ${ameta.encryption}`]),
    ...(ameta.isForSdConnect ? ['sd_connect: yes'] : []),
    ...(ameta.note === '' ? [] : [`Note: ${ameta.note}`]),
  ].map(oneLine);
  return [...lines, ...ameta.listing].map((line) => `${line}\n`).join('');
}

const keys = new Map<string, keyof Ameta>([
  ['user', 'user'],
  ['host', 'host'],
  ['host_name', 'hostName'],
  ['input', 'input'],
  ['original_location', 'originalLocation'],
  ['protocol', 'protocol'],
  ['compression', 'compression'],
  ['encryption', 'encryption'],
  ['Note', 'note'],
]);

/** Reads what any of the Allas tools wrote; what it lacks is ''. */
export function parseAmeta(text: string): Ameta {
  const values: Partial<Record<keyof Ameta, string>> = {};
  const lines = text.split('\n');
  let fields = 0;
  let isForSdConnect = false;
  for (const line of lines) {
    const [, key = '', value = ''] = /^([A-Za-z_-]+): ?(.*)$/.exec(line) ?? [];
    if (key === '' || /^[-dlbcps][-rwxsStT]{9}/.test(line)) break;
    fields++;
    const name = keys.get(key);
    if (name) values[name] = value.replace(/ $/, '');
    isForSdConnect ||= key === 'sd_connect' && value === 'yes';
  }
  const empty = { user: '', host: '', hostName: '', input: '', originalLocation: '', protocol: '' };
  const rest = { compression: '', encryption: '', note: '' };
  const listing = lines.slice(fields).filter((line) => line !== '');
  return { ...empty, ...rest, ...values, isForSdConnect, listing };
}

/** A file that an `_ameta` lists. */
export interface ListedFile {
  readonly size: number;
  /** As `ls -l` was given it: from the input on. */
  readonly path: string;
}

/** The files of a listing; lines of other kinds are passed over. */
export function listedFiles({ listing }: Ameta): readonly ListedFile[] {
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

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// Half of a mean year: from then on ls shows the year in place of the hour.
const recent = 15_778_476_000;

function dateText(modified: Nanoseconds, now: Date): string {
  const { date, years } = calendarDate(modified);
  const age = years === 0 ? now.getTime() - date.getTime() : Number.POSITIVE_INFINITY;
  const two = (value: number): string => String(value).padStart(2, '0');
  const isRecent = age >= 0 && age < recent;
  const year = String(date.getFullYear() + years).padStart(5);
  const last = isRecent ? `${two(date.getHours())}:${two(date.getMinutes())}` : year;
  return `${months[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${last}`;
}

/** A line break in a name must not make a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '?');
}
