import { formatByteUnit } from '../core/size.ts';
import type { InFlight, Progress } from '../transfer/progress.ts';
import { visible } from './log.ts';

/** The block that `-v` logs at the end and `-P` redraws: rclone's lines, so that what parses those parses these. */
export function statsBlock(progress: Progress, errorNote: string): string {
  const { bytes, totalBytes, checks, totalChecks, transfers, totalTransfers } = progress;
  const lines = [`Transferred:   \t${summary(progress)}`];
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
    lines.push('Checking:', ...[...progress.checking].map((path) => ` * ${shorten(path)}: checking`));
  if (progress.inFlight.size > 0)
    lines.push('Transferring:', ...[...progress.inFlight].map((file) => ` * ${flightLine(file, progress)}`));
  return `${lines.join('\n')}\n`;
}

/** The same in one line (`--stats-one-line`). */
export function statsLine(progress: Progress): string {
  const { transfers, totalTransfers } = progress;
  const count = totalTransfers > transfers ? ` (xfr#${transfers}/${totalTransfers})` : '';
  return `${summary(progress)}${count}`;
}

/** The fields of rclone's `stats` object in the JSON log. */
export function statsFields(progress: Progress): Readonly<Record<string, unknown>> {
  const { bytes, totalBytes, checks, totalChecks, transfers, totalTransfers, deletes, renames, errors } = progress;
  return {
    ...{ bytes, totalBytes, checks, totalChecks, transfers, totalTransfers, deletes, renames, errors },
    deletedDirs: progress.deletedFolders,
    elapsedTime: elapsed(progress) / 1000,
    speed: speedOf(bytes, elapsed(progress)),
    transferring: [...progress.inFlight].map(({ path, size, done }) => ({ name: path, size, bytes: done })),
  };
}

function summary(progress: Progress): string {
  const { bytes, totalBytes } = progress;
  const speed = speedOf(bytes, elapsed(progress));
  const done = `${formatByteUnit(bytes).padStart(13)} / ${formatByteUnit(totalBytes)}, ${percent(bytes, totalBytes)}`;
  return `${done}, ${formatByteUnit(speed)}/s, ETA ${etaText(totalBytes - bytes, speed)}`;
}

function flightLine(file: InFlight, { now }: Progress): string {
  const speed = speedOf(file.done, now() - file.startedAt);
  const share = file.size > 0 ? Math.floor((100 * file.done) / file.size) : 0;
  const whole = file.size < 0 ? 'off' : formatByteUnit(file.size);
  return `${shorten(file.path).padStart(45)}:${String(share).padStart(3)}% /${whole}, ${formatByteUnit(speed)}/s, ${etaText(file.size - file.done, speed)}`;
}

function shorten(name: string): string {
  const path = visible(name);
  return path.length <= 45 ? path : `${path.slice(0, 22)}…${path.slice(-22)}`;
}

function elapsed(progress: Progress): number {
  return progress.now() - progress.startedAt;
}

function elapsedText(progress: Progress): string {
  const seconds = elapsed(progress) / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours > 0 ? `${hours}h` : ''}${hours + minutes > 0 ? `${minutes}m` : ''}${(seconds % 60).toFixed(1)}`;
}

function speedOf(bytes: number, milliseconds: number): number {
  return milliseconds < 100 ? 0 : Math.round((bytes * 1000) / milliseconds);
}

function etaText(remaining: number, speed: number): string {
  if (speed === 0 || remaining < 0) return '-';
  const seconds = Math.ceil(remaining / speed);
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
