import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutJson, aboutText } from '../../../src/cli/format/about.ts';
import { fileLine, folderLine, longLine } from '../../../src/cli/format/lines.ts';
import { createLsfFormat, type LsfOptions } from '../../../src/cli/format/lsf.ts';
import { type LsjsonOptions, lsjsonItem, toGoJson } from '../../../src/cli/format/lsjson.ts';
import { fractionDigits } from '../../../src/cli/format/time.ts';
import type { Entry, FileEntry, FolderEntry } from '../../../src/core/entry.ts';
import { mimeTypeOf } from '../../../src/formats/mime.ts';
import { loadMimeTypes } from '../../../src/remotes/mime-types.ts';
import { requirePeer } from '../../servers/peers.ts';
import { mustRun } from '../../servers/run.ts';

let folder: string;
let entries: Entry[];
const types = await loadMimeTypes();
const mimeType = (entry: Entry) => (entry.kind === 'folder' ? 'inode/directory' : mimeTypeOf(entry.path, types));
const zone = process.env.TZ;

const names = [
  'plain.txt',
  'photo.JPG',
  'with, comma',
  '"quoted"',
  ' leading space',
  'a;b',
  '<&>.html',
  'naïve.md',
  '日本.csv',
  'back\\slash\\b',
  'no-extension',
  '.hidden',
  'x.tar.gz',
  'sample.vcf',
  'reads.fastq',
  'data.h5',
  'script.py',
  'video.ts',
  'doc.pdf',
  'notes.ipynb',
  'key.c4gh',
  'a.R',
  'table.tsv',
  'page.xml',
  'archive.zip',
  'song.flac',
];

beforeAll(async () => {
  requirePeer('rclone');
  // Half an hour off, so that a zone in hours alone would show.
  process.env.TZ = 'Asia/Kolkata';
  folder = await mkdtemp(join(tmpdir(), 'coffer-format-'));
  for (const [index, name] of names.entries()) {
    await writeFile(join(folder, name), 'x'.repeat(index * 211));
    const seconds = 1_600_000_000.5 + index * 9_000_000.123;
    await utimes(join(folder, name), seconds, seconds);
  }
  const before1970 = new Date(-86_400_250);
  await utimes(join(folder, 'plain.txt'), before1970, before1970);
  for (const name of ['sub', 'sub, two']) await mkdir(join(folder, name));
  entries = await Promise.all((await readdir(folder)).map(readEntry));
});

afterAll(async () => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  await rm(folder, { recursive: true, force: true });
});

async function readEntry(path: string): Promise<Entry> {
  const { size, mtimeNs, ...rest } = await stat(join(folder, path), { bigint: true });
  const modified = mtimeNs;
  const isFolder = (rest.mode & 0o170000n) === 0o040000n;
  return isFolder ? { kind: 'folder', path, modified } : { kind: 'file', path, size: Number(size), modified };
}

const about = (...flags: string[]) => mustRun('rclone', ['about', '--config', '', ...flags, folder]);
// Others write to the same disk meanwhile: only the first line, the disk's size, stands still.
const withoutUse = (text: string) => text.replace(/: +[\d.]+.*$/gm, (value, at: number) => (at < 10 ? value : ':'));

async function rclone(command: string, ...flags: string[]): Promise<string[]> {
  const output = await mustRun('rclone', [command, '--config', '', ...flags, folder], { env: { TZ: 'Asia/Kolkata' } });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

const files = () => entries.filter((entry): entry is FileEntry => entry.kind === 'file');
const subfolders = () => entries.filter((entry): entry is FolderEntry => entry.kind === 'folder');

describe('listings beside the real rclone', () => {
  it.each(['bytes', 'human'] as const)('print the lines of ls, lsl and lsd with sizes in %s', async (style) => {
    const flags = style === 'human' ? ['--human-readable'] : [];
    expect(
      files()
        .map((file) => fileLine(file, style))
        .sort(),
    ).toEqual(await rclone('ls', ...flags));
    expect(
      files()
        .map((file) => longLine(file, file.modified ?? 0n, style))
        .sort(),
    ).toEqual(await rclone('lsl', ...flags));
    const lines = subfolders().map((entry) => folderLine(entry, entry.modified ?? 0n, style));
    expect(lines.sort()).toEqual(await rclone('lsd', ...flags));
  });

  const plain: LsfOptions = {
    separator: null,
    csv: false,
    dirSlash: true,
    absolute: false,
    hash: 'md5',
    unknownTime: 0n,
    mimeType,
    encryptedName: null,
  };
  it.each<[string, Partial<LsfOptions>, string[]]>([
    ['p', {}, []],
    ['tspm', {}, []],
    ['pst', { csv: true }, ['--csv']],
    ['ppio', { csv: true, separator: ';;' }, ['--csv', '--separator', ';;']],
    ['psm', { separator: ' | ', absolute: true }, ['--separator', ' | ', '--absolute']],
    ['pio', { dirSlash: false, separator: '' }, ['--dir-slash=false', '--separator', '']],
  ])('print lsf in the format %s with %o', async (format, options, flags) => {
    const compiled = createLsfFormat(format, { ...plain, ...options });
    expect(entries.map((entry) => compiled.write(entry)).sort()).toEqual(await rclone('lsf', '-F', format, ...flags));
  });

  const whole: LsjsonOptions = {
    timeDigits: 9,
    unknownTime: 0n,
    mimeType,
    encryptedPath: null,
    hashes: false,
    ofBuckets: false,
  };
  it.each<[string[], Partial<LsjsonOptions>]>([
    [[], {}],
    [['--no-modtime', '--no-mimetype'], { timeDigits: null, mimeType: null }],
  ])('print lsjson with %j', async (flags, options) => {
    const lines = entries.map((entry) => toGoJson(lsjsonItem(entry, { ...whole, ...options }))).sort();
    const theirs = (await rclone('lsjson', ...flags)).filter((line) => line.length > 1);
    expect(lines).toEqual(theirs.map((line) => line.replace(/,$/, '')).sort());
  });

  it('print one item as lsjson --stat does', async () => {
    const entry = await readEntry('plain.txt');
    const hash = '9dd4e461268c8034f5c8564e155c67a6';
    await writeFile(join(folder, 'one'), 'x');
    const file: Entry = { ...((await readEntry('one')) as FileEntry), hashes: { md5: hash } };
    const args = ['lsjson', '--config', '', '--stat', '--hash-type', 'md5', join(folder, 'one')];
    const theirs = await mustRun('rclone', args, { env: { TZ: 'Asia/Kolkata' } });
    await rm(join(folder, 'one'));
    expect(`${toGoJson(lsjsonItem(file, { ...whole, hashes: true }), '\t')}\n`).toBe(theirs);
    expect(lsjsonItem(entry, whole).ModTime).toBe('1969-12-31T05:29:59.750000000+05:30');
  });

  it('print what about prints', async () => {
    const [json, text, full] = [await about('--json'), await about(), await about('--full')];
    const usage = JSON.parse(json);
    expect(aboutJson(usage)).toBe(json);
    expect(withoutUse(aboutText(usage, false))).toBe(withoutUse(text));
    expect(withoutUse(aboutText(usage, true))).toBe(withoutUse(full));
  });
});

it('shows as many digits of a second as the store keeps', () => {
  expect([1n, 100n, 1000n, 1_000_000n, 1_000_000_000n, null].map(fractionDigits)).toEqual([9, 7, 6, 3, 0, 0]);
});

it('refuses an unknown letter in the format of lsf, and encrypted names where there are none', () => {
  const options = {
    separator: null,
    csv: true,
    dirSlash: true,
    absolute: false,
    hash: 'md5',
    unknownTime: 0n,
    mimeType,
    encryptedName: null,
  } as const;
  expect(() => createLsfFormat('px', options)).toThrow('unknown format character "x"');
  expect(() => createLsfFormat('e', options)).toThrow('of type "crypt"');
  const quotes = createLsfFormat('p', { ...options, separator: '"' });
  expect(() => quotes.write({ kind: 'folder', path: 'a', modified: null })).toThrow('--separator');
});

it('writes control characters and what HTML minds into JSON as Go does', () => {
  expect(toGoJson('\b\f\n\t\\b<>&\u2028\u0001')).toBe(String.raw`"\u0008\u000c\n\t\\b\u003c\u003e\u0026\u2028\u0001"`);
});
