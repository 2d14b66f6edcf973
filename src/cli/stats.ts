import { formatBitUnit, formatByteUnit, formatSize } from '../core/size.ts';
import type { InFlight, Progress } from '../transfer/progress.ts';
import { usualStamp, visible } from './log.ts';

/** The flags `--stats-…` that say how the statistics are written. */
export interface StatsStyle {
  readonly 'stats-one-line': boolean;
  readonly 'stats-one-line-date': boolean;
  readonly 'stats-unit': 'bytes' | 'bits';
  readonly 'stats-file-name-length': number;
}

/** What `-v` logs at the end and `-P` redraws: rclone's lines, so that what parses those parses these. A block ends with a
 *  line break. `date` gives the time of day. */
export function statsText(progress: Progress, style: StatsStyle, errorNote: string, date: () => Date): string {
  if (style['stats-one-line-date']) return `${usualStamp(date())}- ${statsLine(progress, style)}`;
  return style['stats-one-line'] ? statsLine(progress, style) : statsBlock(progress, style, errorNote);
}

/** Whether that is one line. */
export function isOneLine(style: StatsStyle): boolean {
  return style['stats-one-line'] || style['stats-one-line-date'];
}

function statsBlock(progress: Progress, style: StatsStyle, errorNote: string): string {
  const { bytes, totalBytes, checks, totalChecks, transfers, totalTransfers } = progress;
  const lines = [`Transferred:   \t${summary(progress, style)}`];
  if (progress.errors > 0) lines.push(`Errors:        ${pad(progress.errors)}${errorNote}`);
  if (totalChecks > 0) lines.push(`Checks:        ${pad(checks)} / ${totalChecks}, ${percent(checks, totalChecks)}`);
  if (progress.deletes + progress.deletedFolders > 0) {
    lines.push(`Deleted:       ${pad(progress.deletes)} (files), ${progress.deletedFolders} (dirs)`);
  }
  if (progress.renames > 0) lines.push(`Renamed:       ${pad(progress.renames)}`);
  if (totalTransfers > 0 || bytes + totalBytes > 0) {
    lines.push(`Transferred:   ${pad(transfers)} / ${totalTransfers}, ${percent(transfers, totalTransfers)}`);
  }
  lines.push(`Elapsed time:  ${`${elapsedText(progress)}s`.padStart(11)}`);
  if (progress.checking.size > 0)
    lines.push('Checking:', ...[...progress.checking].map((path) => ` * ${shorten(path, style)}: checking`));
  if (progress.inFlight.size > 0)
    lines.push('Transferring:', ...[...progress.inFlight].map((file) => ` * ${flightLine(file, progress, style)}`));
  return `${lines.join('\n')}\n`;
}

function statsLine(progress: Progress, style: StatsStyle): string {
  const { transfers, totalTransfers } = progress;
  const count = totalTransfers > transfers ? ` (xfr#${transfers}/${totalTransfers})` : '';
  return `${summary(progress, style)}${count}`;
}

/** The fields of rclone's `stats` object in the JSON log. */
export function statsFields(progress: Progress): Readonly<Record<string, unknown>> {
  const { bytes, totalBytes, checks, totalChecks, transfers, totalTransfers, deletes, renames, errors } = progress;
  const speed = speedOf(bytes, elapsed(progress));
  return {
    ...{ bytes, totalBytes, checks, totalChecks, transfers, totalTransfers, deletes, renames, errors },
    deletedDirs: progress.deletedFolders,
    elapsedTime: elapsed(progress) / 1000,
    eta: secondsLeft(totalBytes - bytes, speed),
    speed,
    transferring: [...progress.inFlight].map((file) => flightFields(file, progress)),
  };
}

function flightFields(file: InFlight, { now }: Progress): Readonly<Record<string, unknown>> {
  const { path, size, done } = file;
  const speed = speedOf(done, now() - file.startedAt);
  return { name: path, size, bytes: done, percentage: shareOf(file), speed, eta: secondsLeft(size - done, speed) };
}

/** What the title of the terminal shows (`--progress-terminal-title`). */
export function etaTitle(progress: Progress): string {
  const { bytes, totalBytes } = progress;
  return `ETA: ${etaText(totalBytes - bytes, speedOf(bytes, elapsed(progress)))}`;
}

function summary(progress: Progress, style: StatsStyle): string {
  const { bytes, totalBytes } = progress;
  const speed = speedOf(bytes, elapsed(progress));
  const done = `${formatByteUnit(bytes).padStart(13)} / ${formatByteUnit(totalBytes)}, ${percent(bytes, totalBytes)}`;
  const rate = style['stats-unit'] === 'bits' ? formatBitUnit(speed * 8) : formatByteUnit(speed);
  return `${done}, ${rate}/s, ETA ${etaText(totalBytes - bytes, speed)}`;
}

function flightLine(file: InFlight, { now }: Progress, style: StatsStyle): string {
  const speed = speedOf(file.done, now() - file.startedAt);
  const name = shorten(file.path, style).padStart(style['stats-file-name-length']);
  const rate = formatSize(style['stats-unit'] === 'bits' ? speed * 8 : speed);
  const share = `${String(shareOf(file)).padStart(3)}% /${formatSize(file.size)}`;
  return `${name}:${share}, ${rate}/s, ${etaText(file.size - file.done, speed)}`;
}

/** Percent. */
function shareOf({ size, done }: InFlight): number {
  return size > 0 ? Math.floor((100 * done) / size) : 0;
}

function shorten(name: string, { 'stats-file-name-length': longest }: StatsStyle): string {
  const characters = Array.from(visible(name));
  if (longest <= 0 || characters.length <= longest) return characters.join('');
  const end = Math.floor((longest - 1) / 2);
  return `${characters.slice(0, longest - 1 - end).join('')}…${characters.slice(characters.length - end).join('')}`;
}

function elapsed(progress: Progress): number {
  return progress.now() - progress.startedAt;
}

function elapsedText(progress: Progress): string {
  // To the tenth below, as rclone: rounded, 59.96 seconds would be "60.0".
  const tenths = Math.floor(elapsed(progress) / 100);
  const minutes = Math.floor(tenths / 600);
  const hours = Math.floor(minutes / 60);
  const seconds = ((tenths % 600) / 10).toFixed(1);
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes % 60}m` : ''}${seconds}`;
}

function speedOf(bytes: number, milliseconds: number): number {
  return milliseconds < 100 ? 0 : Math.round((bytes * 1000) / milliseconds);
}

/** Null where it cannot be told. */
function secondsLeft(remaining: number, speed: number): number | null {
  return speed === 0 || remaining < 0 ? null : Math.ceil(remaining / speed);
}

function etaText(remaining: number, speed: number): string {
  const seconds = secondsLeft(remaining, speed);
  if (seconds === null) return '-';
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60] as const;
  return parts[0] > 0
    ? `${parts[0]}h${parts[1]}m${parts[2]}s`
    : parts[1] > 0
      ? `${parts[1]}m${parts[2]}s`
      : `${parts[2]}s`;
}

function percent(part: number, whole: number): string {
  return whole <= 0 ? '-' : `${Math.round((100 * part) / whole)}%`;
}

function pad(value: number): string {
  return String(value).padStart(10);
}
