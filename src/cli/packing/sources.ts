import type { BigIntStats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { systemFailure } from '../../config/system-failure.ts';
import { codeOf, Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Report } from '../../core/report.ts';
import { objectName, type Packing, requireNoAmeta } from '../../packing/object-name.ts';
import { namesIn, onDisk } from '../../packing/on-disk.ts';
import { system } from '../../remotes/local/system.ts';

/** A file or folder that is to be put, and its object below the place that the user named. */
export interface PutSource {
  /** As it was given. */
  readonly input: string;
  /** Absolute. */
  readonly disk: string;
  readonly object: string;
  readonly packing: Packing;
}

interface Wishes {
  readonly isCompressed: boolean;
  readonly seal: Packing['seal'];
  /** `--object`. */
  readonly object: string | undefined;
  /** Every file below becomes an object of its own, named by its path. */
  readonly asIs: boolean;
  /** With `asIs`: links among them are taken for what they lead to, instead of being left out. */
  readonly followLinks: boolean;
}

/** What each word stands for; files that are left out are told. Throws Failure('usage') for names that make no object,
 *  'not-found' for what is not there. */
export async function putSources(
  inputs: readonly string[],
  wishes: Wishes,
  report: Report,
): Promise<readonly PutSource[]> {
  const sources: PutSource[] = [];
  for (const input of inputs) {
    sources.push(...(wishes.asIs ? await filesOf(input, wishes, report) : [await wholeOf(input, wishes)]));
  }
  const seen = new Map<string, string>();
  for (const { object, input } of sources) {
    const other = seen.get(object);
    if (other !== undefined) {
      const message = `${other} and ${input} would both become ${object}: put them one by one, with --object or --bucket`;
      throw new Failure('usage', message);
    }
    seen.set(object, input);
  }
  return sources;
}

async function wholeOf(input: string, { object: wanted, isCompressed, seal }: Wishes): Promise<PutSource> {
  const disk = resolve(input);
  const stats = await statOf(disk, input);
  requireFileOrFolder(stats, input);
  const packing = { isArchive: stats.isDirectory(), isCompressed, seal };
  const name = basename(disk);
  requireNoAmeta(name);
  const object = objectName(name, packing, wanted);
  if (name === '' || object === '.' || object === '..')
    throw new Failure('usage', `${input} has no name to put it under`);
  return { input: input.replace(/(?<=.)\/+$/, ''), disk, object, packing };
}

async function filesOf(
  input: string,
  wishes: Wishes,
  report: Report,
  above: ReadonlySet<string> = new Set(),
): Promise<PutSource[]> {
  const disk = resolve(input);
  const stats = await statOf(disk, input);
  requireFileOrFolder(stats, input);
  if (stats.isFile()) return [fileOf(input, wishes.seal)];
  const identity = `${stats.dev}:${stats.ino}`;
  if (above.has(identity)) {
    report.notice(input, 'links lead back to this folder: not followed again');
    return [];
  }
  const within = new Set([...above, identity]);
  const sources: PutSource[] = [];
  for (const name of await namesIn(disk)) {
    const path = join(input, name);
    const there = join(disk, name);
    if (!wishes.followLinks && (await onDisk(there, () => system.lstat(there))).isSymbolicLink()) {
      report.notice(path, 'is a link: left out; --follow-links stores what it leads to');
    } else if (isFileOrFolder(await statOf(there, path))) {
      sources.push(...(await filesOf(path, wishes, report, within)));
    } else {
      report.notice(path, 'is not a file, folder or link: left out');
    }
  }
  return sources;
}

function requireFileOrFolder(stats: BigIntStats, input: string): void {
  if (isFileOrFolder(stats)) return;
  throw new Failure('unsupported', `${input} is not a file or folder: nothing else can be put`, { path: input });
}

function isFileOrFolder(stats: BigIntStats): boolean {
  return stats.isFile() || stats.isDirectory();
}

function fileOf(path: string, seal: Packing['seal']): PutSource {
  const name = basename(path);
  requireNoAmeta(name);
  const packing = { isArchive: false, isCompressed: false, seal };
  const folder = dirname(path).replace(/^\/+/, '');
  if (folder.split('/').includes('..')) {
    throw new Failure('usage', `${path}: an object cannot be named by a path with "..": change to the folder first`);
  }
  return {
    input: path,
    disk: resolve(path),
    object: joinPath(folder === '.' ? '' : folder, objectName(name, packing)),
    packing,
  };
}

async function statOf(disk: string, input: string): Promise<BigIntStats> {
  try {
    return await system.stat(disk);
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      throw new Failure('not-found', `there is no file or folder ${input}`, { path: input });
    throw systemFailure(error, `cannot put ${input}`, input);
  }
}
