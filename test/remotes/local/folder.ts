import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import { createLocalRemote } from '../../../src/remotes/local/local.ts';
import type { LocalSettings } from '../../../src/remotes/local/options.ts';
import { makeScratch } from '../../scratch.ts';
import { defaultSettings } from './settings.ts';

const base = makeScratch();

export interface LocalFolder {
  /** Absolute, as the system has it. */
  readonly disk: string;
  /** As the remote has it. */
  readonly path: string;
  remote(settings?: Partial<LocalSettings>, report?: Report): Remote;
  remove(): void;
}

/** A new folder of this machine. */
export function localFolder(): LocalFolder {
  const disk = mkdtempSync(join(base, 'local-'));
  return {
    disk,
    path: disk.slice(1),
    remote: (settings, report = silentReport) => createLocalRemote({ ...defaultSettings, ...settings }, report),
    remove: () => rmSync(disk, { recursive: true, force: true }),
  };
}

/** A report that keeps what it was told, one `subject: message` a line. */
export function recordingReport(): { report: Report; lines(): string } {
  const told: string[] = [];
  const tell = (subject: string, message: string) => void told.push(`${subject}: ${message}`);
  return { report: { error: tell, notice: tell, info: tell, debug: tell }, lines: () => told.join('\n') };
}
