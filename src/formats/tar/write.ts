import { type Bytes, concat } from '../../core/bytes.ts';
import { formatSeconds } from '../../core/seconds.ts';
import { gather } from '../gather.ts';
import type { TarEntry } from './entry.ts';
import { blockSize, fits, formatHeader, type Header, paddingOf } from './header.ts';
import { formatRecords, type Records } from './records.ts';
import { formatMap } from './sparse.ts';

// GNU tar fills an archive up to twenty blocks.
const recordSize = 20 * blockSize;

/** An archive of members whose data is given with them, in pieces of about 1 MiB. */
export function writeTar(members: Iterable<NewMember>): AsyncGenerator<Uint8Array> {
  return gather(tarParts(members));
}

/** A member and what reads its data: of a sparse file, its extents one after the other. */
export interface NewMember {
  readonly entry: TarEntry;
  data(): Bytes;
}

async function* tarParts(members: Iterable<NewMember>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for (const { entry, data } of members) {
    const header = memberHeader(entry);
    yield header;
    size += header.length;
    if (entry.kind !== 'file') continue;
    for await (const piece of data()) {
      yield piece;
      size += piece.length;
    }
    const padding = memberPadding(entry);
    if (padding.length > 0) yield padding;
    size += padding.length;
  }
  yield archiveEnd(size);
}

/** Bytes of an archive with these members. */
export function archiveSize(entries: Iterable<TarEntry>): number {
  let size = 0;
  for (const entry of entries) {
    const map = entry.extents ? formatMap(entry.extents).length : 0;
    const stored = storedSize(entry);
    size += memberHeader(entry).length - map + stored + paddingOf(stored);
  }
  return size + archiveEnd(size).length;
}

/** What stands in front of a member's data: a header, and pax records where it cannot say all. The data of a file
 *  follows, its extents one after the other, and `memberPadding`. */
function memberHeader(entry: TarEntry): Uint8Array {
  const map = entry.extents && formatMap(entry.extents);
  const header: Header = {
    name: entry.path,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: storedSize(entry),
    modified: Number(entry.modified / 1_000_000_000n),
    type: types[entry.kind],
    target: entry.target,
    owner: entry.owner,
    group: entry.group,
  };
  const records = recordsOf(entry, header);
  const own = formatHeader(header);
  const parts = records.length === 0 ? [own] : [extendedHeader(formatRecords(records), header), own];
  return map ? concat([...parts, map]) : concat(parts);
}

/** Zeros after a member's data. */
function memberPadding(entry: TarEntry): Uint8Array {
  return new Uint8Array(paddingOf(storedSize(entry)));
}

/** What ends an archive of `size` bytes. */
function archiveEnd(size: number): Uint8Array {
  const end = size + 2 * blockSize;
  return new Uint8Array(Math.ceil(end / recordSize) * recordSize - size);
}

const types = { file: '0', hardlink: '1', symlink: '2', device: '3', folder: '5' } as const;

/** Bytes that follow the header, padding aside. */
function storedSize({ kind, size, extents }: TarEntry): number {
  if (kind !== 'file') return 0;
  return extents ? formatMap(extents).length + extents.reduce((sum, extent) => sum + extent.size, 0) : size;
}

function recordsOf(entry: TarEntry, header: Header): Records {
  const records: [string, string][] = [];
  if (!fits('name', header.name)) records.push(['path', header.name]);
  if (!fits('target', header.target)) records.push(['linkpath', header.target]);
  if (!fits('size', header.size)) records.push(['size', String(header.size)]);
  if (!fits('uid', header.uid)) records.push(['uid', String(header.uid)]);
  if (!fits('gid', header.gid)) records.push(['gid', String(header.gid)]);
  if (entry.modified % 1_000_000_000n !== 0n || entry.modified < 0n || !fits('modified', header.modified)) {
    records.push(['mtime', formatSeconds(entry.modified)]);
  }
  if (entry.extents) {
    records.push(['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0']);
    records.push(['GNU.sparse.name', entry.path], ['GNU.sparse.realsize', String(entry.size)]);
  }
  return records;
}

function extendedHeader(records: Uint8Array, about: Header): Uint8Array {
  const header = formatHeader({
    ...about,
    name: 'PaxHeaders/coffer',
    mode: 0o644,
    size: records.length,
    type: 'x',
    target: '',
  });
  return concat([header, records, new Uint8Array(paddingOf(records.length))]);
}
