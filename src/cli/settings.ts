import type { OptionalFeature, TransportSettings } from '../core/backend.ts';
import type { Metadata } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import { createBandwidth, createTurns } from '../core/pace.ts';
import type { Report } from '../core/report.ts';
import { type Cutoff, createCutoff, cutoffModes } from '../transfer/cutoff.ts';
import type { Filter } from '../transfer/filter/filter.ts';
import { createLimit } from '../transfer/pool.ts';
import { createProgress } from '../transfer/progress.ts';
import { parseRenameStrategy, type RenameStrategy } from '../transfer/rename-strategy.ts';
import type { Session, TransferOptions } from '../transfer/session.ts';
import { createConfirm, type SettledAnswers } from './confirm.ts';
import { httpDumpOf, needsDebug } from './dump.ts';
import type { disableable, GlobalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import { type Level, type Log, levels } from './log.ts';

/** The flags that reach the remotes. Throws Failure('usage') for flags that contradict each other. */
export function transportSettings(flags: GlobalFlags, report: Report): TransportSettings {
  if (flags.links && flags['copy-links']) throw new Failure('usage', 'use --links or --copy-links, not both');
  return {
    lowLevelRetries: flags['low-level-retries'],
    checkers: atLeastOne(flags.checkers, '--checkers'),
    transfers: atLeastOne(flags.transfers, '--transfers'),
    connectTimeout: flags.contimeout,
    timeout: flags.timeout,
    caCert: flags['ca-cert'],
    clientCert: flags['client-cert'],
    clientKey: flags['client-key'],
    insecureTls: flags['no-check-certificate'],
    userAgent: flags['user-agent'],
    links: linkPolicy(flags),
    oneFileSystem: flags['one-file-system'],
    usesServerTimes: flags['use-server-modtime'],
    bandwidth: createBandwidth(flags.bwlimit, flags['bwlimit-file']),
    turns: createTurns(flags.tpslimit, flags['tpslimit-burst']),
    headers: {
      every: parseHeaders('--header', flags.header),
      upload: parseHeaders('--header-upload', flags['header-upload']),
      download: parseHeaders('--header-download', flags['header-download']),
    },
    bindAddress: flags.bind,
    disabled: flags.disable.map((name) => featureOf[name]),
    dump: httpDumpOf(flags, report),
  };
}

const featureOf: Readonly<Record<(typeof disableable)[number], OptionalFeature>> = {
  About: 'about',
  CleanUp: 'cleanUp',
  Copy: 'copy',
  DirMove: 'moveDir',
  ListR: 'walk',
  Move: 'move',
  PublicLink: 'link',
  Purge: 'purge',
};

function linkPolicy(flags: GlobalFlags): TransportSettings['links'] {
  if (flags['copy-links']) return 'follow';
  if (flags.links) return 'translate';
  return flags['skip-links'] ? 'skip-silently' : 'skip';
}

/** Reads lines like `Cache-Control: no-cache`. */
function parseHeaders(flag: string, given: readonly string[]): Readonly<Record<string, string>> {
  const headers: [string, string][] = given.map((text) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*?)\s*$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new Failure('usage', `invalid header for ${flag}: "${text}" is not like "Name: value"`);
    return [name.toLowerCase(), value];
  });
  return Object.fromEntries(headers);
}

function atLeastOne(value: number, name: string): number {
  if (value < 1) throw new Failure('usage', `${name} must be at least 1`);
  return value;
}

/** What the attempts of a command share. */
export interface SessionParts {
  readonly filter: Filter;
  readonly log: Log;
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly cutoff: Cutoff | null;
  readonly settled: SettledAnswers;
}

/** What one attempt of a command works with. Throws Failure('usage') for flags that contradict each other. */
export function createSession(
  flags: GlobalFlags & Readonly<Record<string, unknown>>,
  { filter, log, io, signal, cutoff, settled }: SessionParts,
): Session {
  const progress = createProgress(io.now);
  return {
    options: transferOptions(flags),
    filter,
    report: log,
    progress,
    signal,
    ahead: null,
    cutoff,
    looks: createLimit(flags.checkers),
    confirm: flags.interactive ? createConfirm(io, signal, progress, settled) : () => true,
  };
}

function transferOptions(flags: GlobalFlags & Readonly<Record<string, unknown>>): TransferOptions {
  return {
    transfers: flags.transfers,
    checkers: flags.checkers,
    lowLevelRetries: flags['low-level-retries'],
    dryRun: flags['dry-run'],
    sizeOnly: flags['size-only'],
    checksum: flags.checksum,
    ignoreChecksum: flags['ignore-checksum'],
    ignoreExisting: flags['ignore-existing'],
    ignoreTimes: flags['ignore-times'],
    ignoreSize: flags['ignore-size'],
    ignoreErrors: flags['ignore-errors'],
    update: flags.update,
    immutable: flags.immutable,
    maxBacklog: flags['max-backlog'] < 0 ? Number.POSITIVE_INFINITY : Math.max(1, flags['max-backlog']),
    noUpdateModified: flags['no-update-modtime'],
    refreshTimes: flags['refresh-times'],
    modifyWindow: BigInt(Math.round(flags['modify-window'] * 1e6)),
    createEmptyFolders: flags['create-empty-src-dirs'] === true,
    deleteEmptySourceFolders: flags['delete-empty-src-dirs'] === true,
    maxDelete: flags['max-delete'],
    maxDepth: flags['max-depth'],
    maxDuration: numberOf(flags['max-duration'], 0),
    trackRenames: trackedRenames(flags),
    deleteMode: deleteModeOf(flags),
    noTraverse: flags['no-traverse'] === true,
    noCheckDest: flags['no-check-dest'] === true,
    checkFirst: flags['check-first'] === true,
    orderBy: textOf(flags['order-by']),
    suffix: textOf(flags.suffix),
    suffixKeepExtension: flags['suffix-keep-extension'] === true,
    metadata: metadataToAdd(flags),
    fastList: flags['fast-list'],
    streamingCutoff: flags['streaming-upload-cutoff'],
    normalizeNames: !flags['no-unicode-normalization'],
    ignoreCase: flags['ignore-case-sync'],
  };
}

function metadataToAdd(flags: GlobalFlags): Metadata | null {
  const added = flags['metadata-set'].map((text): [string, string] => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new Failure('usage', `failed to parse "${text}" as metadata: give --metadata-set key=value`);
    return [key.toLowerCase(), value];
  });
  return flags.metadata ? new Map(added) : null;
}

/** What ends the transfers of a command early; shared by its attempts. */
export function cutoffOf(flags: Readonly<Record<string, unknown>>): Cutoff | null {
  const limit = numberOf(flags['max-transfer'], -1);
  if (limit < 0 && numberOf(flags['max-duration'], 0) === 0) return null;
  return createCutoff(limit, cutoffModes.find((mode) => mode === flags['cutoff-mode']) ?? 'hard');
}

function trackedRenames(flags: Readonly<Record<string, unknown>>): RenameStrategy | null {
  const strategy = parseRenameStrategy(textOf(flags['track-renames-strategy']));
  return flags['track-renames'] === true ? strategy : null;
}

function deleteModeOf(flags: Readonly<Record<string, unknown>>): TransferOptions['deleteMode'] {
  const [mode = 'after', ...others] = (['before', 'during', 'after'] as const).filter(
    (when) => flags[`delete-${when}`],
  );
  if (others.length === 0) return mode;
  throw new Failure('usage', 'only one of --delete-before, --delete-during or --delete-after can be used');
}

// Of flags that only some commands have.
function numberOf(flag: unknown, otherwise: number): number {
  return typeof flag === 'number' ? flag : otherwise;
}

function textOf(flag: unknown): string {
  return typeof flag === 'string' ? flag : '';
}

/** The level that `-v`, `-q` and `--log-level` ask for. Throws Failure('usage'). */
export function logLevel(flags: GlobalFlags): Level {
  const named = flags['log-level']?.toUpperCase();
  const verbose = needsDebug(flags) ? 2 : flags.verbose;
  if (named !== undefined) {
    if (verbose > 0 || flags.quiet) throw new Failure('usage', 'use -v, -q or --log-level, one of them');
    const level = levels.find((candidate) => candidate === named);
    if (!level) throw new Failure('usage', `unknown log level "${named}": use DEBUG, INFO, NOTICE or ERROR`);
    return level;
  }
  if (flags.quiet && verbose > 0) throw new Failure('usage', "can't set -v and -q");
  return flags.quiet ? 'ERROR' : verbose >= 2 ? 'DEBUG' : verbose === 1 ? 'INFO' : 'NOTICE';
}
