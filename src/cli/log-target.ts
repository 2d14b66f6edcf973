import { appendFileSync } from 'node:fs';
import { Failure, messageOf } from '../core/failure.ts';
import { tellOfDump } from './dump.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import { createLog, createStamp, type Log } from './log.ts';
import { logLevel } from './settings.ts';

/** A log whose lines can be sent elsewhere while a progress block is on the screen. */
export interface LogTarget {
  readonly log: Log;
  /** Sends later lines to `write`; null sends them to where they went first. */
  redirect(write: ((text: string) => void) | null): void;
  /** Writes the last word of a failed run, a line without a level. */
  conclude(text: string): void;
  /** Resolves when all is written. */
  flush(): Promise<void>;
}

/** A log that goes to standard error or to `--log-file`. Throws Failure('usage') when that cannot be opened; what it no
 *  longer takes later, on a full disk, goes to standard error with a word about it. */
export function createLogTarget(io: Io, flags: GlobalFlags): LogTarget {
  const { 'log-systemd': isForJournal } = flags;
  // An empty name is none, as in rclone.
  const file = flags['log-file'] || undefined;
  const stamp = createStamp(isForJournal ? '' : flags['log-format']);
  let last: Promise<void> = Promise.resolve();
  const toStderr = (text: string): void => {
    // Nobody reads the log any more: the work goes on without it.
    last = io.stderr.write(text).catch(() => {});
  };
  let isTold = false;
  const toFile = (path: string, text: string): void => {
    try {
      append(path, text);
    } catch (error) {
      toStderr(isTold ? text : `${stamp(io.date())}ERROR : ${unwritable(path, error)}\n${text}`);
      isTold = true;
    }
  };
  const direct = (text: string): void => (file === undefined ? toStderr(text) : toFile(file, text));
  if (file !== undefined) requireWritable(file);
  let redirected: ((text: string) => void) | null = null;
  const write = (text: string): void => (file === undefined && redirected ? redirected(text) : direct(text));
  const form = flags['use-json-log'] ? 'json' : isForJournal ? 'systemd' : 'text';
  const log = createLog({ level: logLevel(flags), form, stamp, write, now: io.date });
  tellOfDump(flags, log);
  return {
    log,
    redirect: (target) => {
      redirected = target;
    },
    conclude: (text) => write(`${stamp(io.date())}${text}\n`),
    flush: () => last,
  };
}

/** A log tells names that a crypt remote hides: as rclone's, a new one is not for everybody on this machine. */
function append(file: string, text: string): void {
  appendFileSync(file, text, { mode: 0o640 });
}

function requireWritable(file: string): void {
  try {
    append(file, '');
  } catch (error) {
    throw new Failure('usage', unwritable(file, error), { path: file, cause: error });
  }
}

function unwritable(file: string, error: unknown): string {
  return `cannot write the log file ${file}: ${messageOf(error)}`;
}
