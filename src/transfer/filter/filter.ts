import { parseAge } from '../../core/age.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { Failure, messageOf } from '../../core/failure.ts';
import { type Report, silentReport } from '../../core/report.ts';
import { parseSize } from '../../core/size.ts';
import { createFileList, type FileList } from './files-from.ts';
import { type FilterFlags, filterFlagSpecs } from './flags.ts';
import { rawLines, ruleLines } from './rule-files.ts';
import { addFilterLine, addGlob, createRules, describeRule, isIncluded, prunes, type Rules } from './rules.ts';

/** Which files a command is about. Paths run from the transfer's root, without slashes around them. */
export interface Filter {
  /** True where everything passes. */
  readonly isInactive: boolean;
  /** True where a file of another size or time passes as well: what is left out at one place is left out at the other. */
  readonly looksAtNamesOnly: boolean;
  /** True where `includesFile` looks at modification times, which may cost a request each. */
  readonly needsModified: boolean;
  /** Size in bytes, -1 when unknown. An unknown time counts as now, as in rclone. */
  includesFile(path: string, size: number, modified: Nanoseconds | null): boolean;
  /** Whether the rules let the name pass, for a file that is not there: it has no size and no time. */
  includesName(path: string): boolean;
  /** True where `includesFolder` may leave a folder out. */
  readonly prunesFolders: boolean;
  /** False where nothing below the folder can be included: it need not be listed. The root is never asked. */
  includesFolder(path: string): boolean;
  /** A folder that holds a file of such a name is left out with all that is in it; as a root it counts as empty. */
  readonly excludeIfPresent: readonly string[];
  /** With `--files-from`, exactly these files: they can be looked up one by one. */
  readonly files: ReadonlySet<string> | null;
  /** For sync: excluded files at the destination are deleted. */
  readonly deleteExcluded: boolean;
  /** The rules as rclone's `--dump filters` prints them. */
  describe(): string;
}

export interface FilterEnvironment {
  /** The text of a file; `-` is standard input. */
  readText(path: string): Promise<string>;
  readonly now: Nanoseconds;
  readonly report?: Report;
}

/** Reads the flags and the files that they name. The order of the rules is rclone's (include, exclude, filter, each
 *  followed by its `-from` form), whatever the order on the command line. Throws Failure('usage'). */
export async function createFilter(flags: FilterFlags, env: FilterEnvironment): Promise<Filter> {
  const limits = readLimits(flags, env.now);
  const rules = await readRules(flags, env);
  const list = await readFileList(flags, env);
  const hasRules = rules.files.size + rules.folders.size > 0;
  const isOpen = !hasRules && !limits.isSet && flags.excludeIfPresent.length === 0;
  if (list && !isOpen) {
    throw new Failure('usage', '--files-from and --files-from-raw exclude all other filter flags: drop those');
  }
  const files = [...rules.files.values()];
  const folders = [...rules.folders.values()];
  const includesName = (path: string): boolean => (list ? list.files.has(path) : isIncluded(files, path));
  return {
    isInactive: isOpen && !list,
    looksAtNamesOnly: !limits.isSet && flags.excludeIfPresent.length === 0,
    needsModified: limits.from !== null || limits.to !== null,
    includesFile: (path, size, modified) => limits.allow(size, modified ?? env.now) && includesName(path),
    includesName,
    prunesFolders: list !== null || prunes(folders),
    includesFolder: (path) => (list ? list.folders.has(path) : isIncluded(folders, `${path}/`)),
    excludeIfPresent: flags.excludeIfPresent,
    files: list?.files ?? null,
    deleteExcluded: flags.deleteExcluded,
    describe: () => describe(rules, limits),
  };
}

interface Limits {
  readonly isSet: boolean;
  readonly from: Nanoseconds | null;
  readonly to: Nanoseconds | null;
  allow(size: number, modified: Nanoseconds): boolean;
}

function readLimits(flags: FilterFlags, now: Nanoseconds): Limits {
  const from = limitOf('maxAge', flags, (text) => parseAge(text, now));
  const to = limitOf('minAge', flags, (text) => parseAge(text, now));
  const minSize = limitOf('minSize', flags, parseSize);
  const maxSize = limitOf('maxSize', flags, parseSize);
  if (from !== null && to !== null && to < from) {
    throw new Failure('usage', '--min-age cannot be larger than --max-age: no file would be left');
  }
  return {
    isSet: from !== null || to !== null || minSize >= 0 || maxSize >= 0,
    from,
    to,
    allow: (size, modified) =>
      (from === null || modified >= from) &&
      (to === null || modified <= to) &&
      (minSize < 0 || size >= minSize) &&
      (maxSize < 0 || size <= maxSize),
  };
}

function limitOf<T>(
  key: 'maxAge' | 'minAge' | 'maxSize' | 'minSize',
  flags: FilterFlags,
  parse: (text: string) => T,
): T {
  try {
    return parse(flags[key]);
  } catch (error) {
    const message = `invalid argument for --${filterFlagSpecs[key].name}: ${messageOf(error)}`;
    throw new Failure('usage', message, { cause: error });
  }
}

async function readRules(flags: FilterFlags, env: FilterEnvironment): Promise<Rules> {
  const rules = createRules(flags.ignoreCase);
  const includes = [...flags.include, ...(await readAll(flags.includeFrom, env, ruleLines))];
  const excludes = [...flags.exclude, ...(await readAll(flags.excludeFrom, env, ruleLines))];
  const lines = [...flags.filter, ...(await readAll(flags.filterFrom, env, ruleLines))];
  const takesOnlyIncluded = flags.include.length + flags.includeFrom.length > 0;
  if (takesOnlyIncluded && flags.exclude.length + flags.excludeFrom.length > 0) {
    const advice = 'all --include come before all --exclude, whatever their order here: --filter keeps an order';
    (env.report ?? silentReport).notice('', advice);
  }
  for (const glob of includes) addGlob(rules, true, glob);
  for (const glob of excludes) addGlob(rules, false, glob);
  for (const line of lines) addFilterLine(rules, line);
  if (takesOnlyIncluded) addGlob(rules, false, '/**');
  return rules;
}

async function readFileList(flags: FilterFlags, env: FilterEnvironment): Promise<FileList | null> {
  if (flags.filesFrom.length + flags.filesFromRaw.length === 0) return null;
  const lines = await readAll(flags.filesFrom, env, ruleLines);
  return createFileList([...lines, ...(await readAll(flags.filesFromRaw, env, rawLines))]);
}

async function readAll(paths: readonly string[], env: FilterEnvironment, split: (text: string) => string[]) {
  const lines: string[] = [];
  for (const path of paths) lines.push(...split(await env.readText(path)));
  return lines;
}

function describe(rules: Rules, limits: Limits): string {
  const date = (instant: Nanoseconds) => new Date(Number(instant / 1_000_000n)).toISOString();
  return [
    ...(limits.from === null ? [] : [`Last-modified date must be equal or greater than: ${date(limits.from)}`]),
    ...(limits.to === null ? [] : [`Last-modified date must be equal or less than: ${date(limits.to)}`]),
    '--- File filter rules ---',
    ...[...rules.files.values()].map(describeRule),
    '--- Directory filter rules ---',
    ...[...rules.folders.values()].map(describeRule),
  ].join('\n');
}
