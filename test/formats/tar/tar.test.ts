import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bytes, collect, concat, sourceOf } from '../../../src/core/bytes.ts';
import type { TarEntry } from '../../../src/formats/tar/entry.ts';
import { blockSize, formatHeader, type Header, paddingOf } from '../../../src/formats/tar/header.ts';
import { readTar } from '../../../src/formats/tar/read.ts';
import { formatRecords, type Records } from '../../../src/formats/tar/records.ts';
import { archiveSize, type NewMember, writeTar } from '../../../src/formats/tar/write.ts';
import { requirePeer } from '../../servers/peers.ts';
import { mustRun } from '../../servers/run.ts';

requirePeer('packers');
const folder = mkdtempSync(join(tmpdir(), 'coffer-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const long = `${'n'.repeat(90)}/${'m'.repeat(200)}/ä`;

beforeAll(async () => {
  const data = join(folder, 'data');
  mkdirSync(join(data, long), { recursive: true });
  writeFileSync(join(data, long, 'f'), 'deep');
  writeFileSync(join(data, 'a'), 'alpha', { mode: 0o640 });
  utimesSync(join(data, 'a'), 1_700_000_000.25, 1_700_000_000.25);
  linkSync(join(data, 'a'), join(data, 'hard'));
  symlinkSync(long, join(data, 'soft'));
  const file = await open(join(data, 'sparse'), 'w');
  // More stretches than a header of the old form holds.
  for (let i = 0; i < 30; i++) await file.write(`part ${i}`, i * 65_536);
  await file.close();
  truncateSync(join(data, 'sparse'), 3_000_000);
});

interface Read {
  readonly entry: TarEntry;
  readonly data: Uint8Array;
}

async function members(archive: Uint8Array | Bytes): Promise<Map<string, Read>> {
  const found = new Map<string, Read>();
  const bytes = archive instanceof Uint8Array ? sourceOf(archive).open() : archive;
  for await (const { entry, data } of readTar(bytes)) found.set(entry.path, { entry, data: await collect(data) });
  return found;
}

async function packed(...options: readonly string[]): Promise<Uint8Array> {
  await mustRun('tar', ['-C', folder, '--sort=name', ...options, '-cf', join(folder, 'theirs.tar'), 'data']);
  return readFileSync(join(folder, 'theirs.tar'));
}

/** The file that the stretches of a sparse one make. */
function filled({ entry, data }: Read): Uint8Array {
  if (!entry.extents) return data;
  const whole = new Uint8Array(entry.size);
  let used = 0;
  for (const { offset, size } of entry.extents) {
    whole.set(data.subarray(used, used + size), offset);
    used += size;
  }
  return whole;
}

describe("an archive of GNU tar's", () => {
  it.each([
    [['--format=gnu']],
    [['--format=oldgnu']],
    [['--format=posix']],
    [['--format=gnu', '--sparse']],
    [['--format=posix', '--sparse-version=0.0']],
    [['--format=posix', '--sparse-version=0.1']],
    [['--format=posix', '--sparse-version=1.0']],
  ])('is read with %j: names, links, holes', async (options) => {
    const found = await members(await packed(...options));
    expect(Buffer.from(found.get(`data/${long}/f`)?.data ?? []).toString()).toBe('deep');
    const { entry } = found.get('data/a') as Read;
    expect(entry).toMatchObject({ kind: 'file', mode: 0o640, size: 5 });
    const whole = 1_700_000_000_000_000_000n;
    expect(entry.modified).toBe(options.includes('--format=posix') ? whole + 250_000_000n : whole);
    expect(found.get('data/hard')?.entry).toMatchObject({ kind: 'hardlink', target: 'data/a' });
    expect(found.get('data/soft')?.entry).toMatchObject({ kind: 'symlink', target: long });
    const sparse = found.get('data/sparse') as Read;
    expect(sparse.entry.extents !== null).toBe(options.some((option) => option.includes('sparse')));
    expect(Buffer.compare(filled(sparse), readFileSync(join(folder, 'data/sparse')))).toBe(0);
  });

  it('is read byte by byte', async () => {
    const archive = await packed('--format=posix', '--sparse', '--exclude=data/sparse');
    async function* bytewise(): Bytes {
      for (const byte of archive) yield Uint8Array.of(byte);
    }
    expect([...(await members(bytewise())).keys()]).toEqual([...(await members(archive)).keys()]);
  });

  it('is an error wherever it is cut', async () => {
    const archive = await packed('--format=posix', '--exclude=data/sparse', '--blocking-factor=1');
    for (let length = 0; length < archive.length; length += 128) {
      await expect(members(archive.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });
});

describe('an archive that is broken', () => {
  it('is an error when a header changes', async () => {
    const archive = await packed('--format=gnu');
    for (let i = 0; i < 512; i += 7) {
      // What closes the checksum's own field counts for nothing.
      if (i === 154) continue;
      const changed = Uint8Array.from(archive);
      changed[i] = (changed[i] ?? 0) ^ 0x15;
      await expect(members(changed), `byte ${i}`).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });

  it.each([
    ['overlap', '2\n0\n10\n5\n10\n'],
    ['reach past the end of the file', '1\n90\n20\n'],
    ['are fewer than announced', '3\n0\n10\n'],
    ['hold other than numbers', '1\nx\n20\n'],
    ['begin before the file', '1\n-5\n20\n'],
  ])('is an error when the stretches of a sparse file %s', async (_, map) => {
    const text = map.padEnd(512, '\0');
    const records = ['GNU.sparse.major=1', 'GNU.sparse.minor=0', 'GNU.sparse.name=s', 'GNU.sparse.realsize=100'];
    const body = records.map((record) => `${record.length + 4} ${record}\n`).join('');
    const member = entry({ path: 's', size: 532 });
    const pax = entry({ path: 'p', size: body.length });
    const parts = await collect(
      writeTar([
        { entry: pax, data: () => sourceOf(Buffer.from(body)).open() },
        { entry: member, data: () => sourceOf(Buffer.from(text + 'd'.repeat(20))).open() },
      ]),
    );
    parts[156] = 'x'.charCodeAt(0);
    await expect(members(withChecksum(parts))).rejects.toMatchObject({ kind: 'corrupt' });
  });
});

function withChecksum(archive: Uint8Array): Uint8Array {
  archive.set(Buffer.from('        '), 148);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return archive;
}

function entry(given: Partial<TarEntry>): TarEntry {
  const owner = { uid: 1000, gid: 1000, owner: 'me', group: 'us' };
  const usual = { kind: 'file' as const, mode: 0o644, modified: 1_700_000_000_000_000_000n, target: '', extents: null };
  return { path: 'f', size: 0, ...owner, ...usual, ...given };
}

describe('an archive of ours', () => {
  const file = (given: Partial<TarEntry>, data: Uint8Array): NewMember => ({
    entry: entry(given),
    data: () => sourceOf(data).open(),
  });
  const extents = [
    { offset: 4096, size: 4 },
    { offset: 1_000_000, size: 0 },
  ];
  const list: readonly NewMember[] = [
    file({ path: `top/${long}/`, kind: 'folder', mode: 0o755 }, new Uint8Array(0)),
    file({ path: 'top/small', size: 5, modified: 1_700_000_000_123_456_789n }, Buffer.from('alpha')),
    file({ path: 'top/before', size: 0, modified: -1_500_000_000n }, new Uint8Array(0)),
    file({ path: `top/${long}/f`, size: 2_500_000, uid: 3_000_000 }, Buffer.alloc(2_500_000, 'abc')),
    file({ path: 'top/holes', size: 1_000_000, extents }, Buffer.from('data')),
    file({ path: 'top/soft', kind: 'symlink', target: long }, new Uint8Array(0)),
    file({ path: 'top/hard', kind: 'hardlink', target: 'top/small' }, new Uint8Array(0)),
    file({ path: 'top/\udcff', size: 1 }, Buffer.from('x')),
  ];

  it('is read back as it was written, and has the size that was foretold', async () => {
    const archive = await collect(writeTar(list));
    expect(archive.length).toBe(archiveSize(list.map((member) => member.entry)));
    const found = await members(archive);
    expect([...found.values()].map((member) => member.entry)).toEqual(list.map((member) => member.entry));
  });

  it('is read back with a file of very many stretches', async () => {
    const many = Array.from({ length: 200_000 }, (_, index) => ({ offset: index * 8192, size: 0 }));
    const member = file({ path: 'scattered', size: 200_000 * 8192, extents: many }, new Uint8Array(0));
    const read = (await members(await collect(writeTar([member])))).get('scattered');
    expect(read?.entry).toEqual(member.entry);
  });

  it('is unpacked by the real tar', async () => {
    const target = join(folder, 'unpacked');
    mkdirSync(target);
    writeFileSync(join(folder, 'ours.tar'), await collect(writeTar(list)));
    await mustRun('tar', ['-C', target, '-xf', join(folder, 'ours.tar'), '--no-same-owner']);
    expect(readFileSync(join(target, `top/${long}/f`)).equals(Buffer.alloc(2_500_000, 'abc'))).toBe(true);
    expect(statSync(join(target, 'top/small'), { bigint: true }).mtimeNs).toBe(1_700_000_000_123_456_789n);
    expect(statSync(join(target, 'top/small')).nlink).toBe(2);
    const holes = Buffer.alloc(1_000_000);
    holes.write('data', 4096);
    expect(readFileSync(join(target, 'top/holes')).equals(holes)).toBe(true);
    const names = await mustRun('tar', ['-tf', join(folder, 'ours.tar'), '--quoting-style=literal']);
    expect(names.split('\n')).toHaveLength(list.length + 1);
  });

  it('holds a file over 8 GiB by its size alone', async () => {
    const [read] = await firstMember(concat([await start(entry({ path: 'big', size: 9 * 2 ** 30 }))]));
    expect(read?.size).toBe(9 * 2 ** 30);
  });
});

describe('a hostile archive', () => {
  const usual = { name: 'f', mode: 0o644, uid: 0, gid: 0, size: 0, modified: 0, target: '', owner: '', group: '' };
  const block = (header: Partial<Header> & Pick<Header, 'type'>): Buffer =>
    Buffer.from(formatHeader({ ...usual, ...header }));
  const padded = (bytes: Uint8Array): Uint8Array => concat([bytes, new Uint8Array(paddingOf(bytes.length))]);
  const end = new Uint8Array(2 * blockSize);

  it.each([
    ['stretches that end before they begin', [100, -50, 50, 150]],
    ['stretches before the start of the file', [-100, 200]],
  ])('is refused for %s', async (_, numbers) => {
    const header = block({ type: 'S', size: 100 });
    // The base 256 of GNU tar, in which negative numbers can be written.
    numbers.forEach((number, index) => {
      header.fill(number < 0 ? 0xff : 0, 386 + 12 * index, 398 + 12 * index);
      header.writeInt32BE(number, 394 + 12 * index);
      if (number >= 0) header[386 + 12 * index] = 0x80;
    });
    header.write('00000000310', 483);
    header.write(' '.repeat(8), 148);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const archive = concat([header, padded(new Uint8Array(100)), end]);
    await expect(members(archive)).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('map') });
  });

  it('is refused for millions of records that say nothing', async () => {
    const records = Buffer.alloc(12 << 20, '4 =\n');
    const archive = concat([block({ type: 'x', size: records.length }), padded(records), block({ type: '0' }), end]);
    await expect(members(archive)).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('pax') });
  });

  it('says to all members what holds for all, the latest word of it and nothing else', async () => {
    const said = (records: Records): Uint8Array => {
      const text = formatRecords(records);
      return concat([block({ type: 'g', size: text.length }), padded(text)]);
    };
    const map: Records = [
      ['GNU.sparse.size', '9'],
      ['GNU.sparse.map', '0,4'],
    ];
    const many = Array.from({ length: 5000 }, (_, index) =>
      said([
        ['uid', String(index)],
        [`x${index}`, 'y'],
      ]),
    );
    const file = concat([block({ type: '0', size: 4 }), padded(Buffer.from('data'))]);
    const found = await members(concat([...many, said(map), file, end]));
    expect(found.get('f')?.entry).toMatchObject({ uid: 4999, size: 4, extents: null });
  });
});

/** The start of an archive with one member, without its data. */
async function start(only: TarEntry): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeTar([{ entry: only, data: () => nothing() }])) pieces.push(piece);
  return concat(pieces);
}

async function* nothing(): Bytes {}

async function firstMember(archive: Uint8Array): Promise<TarEntry[]> {
  for await (const { entry: found } of readTar(sourceOf(archive).open())) return [found];
  return [];
}
