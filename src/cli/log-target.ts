import { appendFileSync } from 'node:fs';
import { Failure, messageOf } from '../core/failure.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import { createLog, type Log } from './log.ts';
import { logLevel } from './settings.ts';

/** A log whose lines can be sent elsewhere while a progress block is on the screen. */
export interface LogTarget {
  readonly log: Log;
  /** Sends later lines to `write`; null sends them to where they went first. */
  redirect(write: ((text: string) => void) | null): void;
  /** Text that is no log line, such as the last word of a failed run. */
  write(text: string): void;
  /** Resolves when all is written. */
  flush(): Promise<void>;
}

/** A log that goes to standard error or to `--log-file`. Throws Failure('usage') when that cannot be written. */
export function createLogTarget(io: Io, flags: GlobalFlags): LogTarget {
  const { 'log-file': file, 'use-json-log': json } = flags;
  let last: Promise<void> = Promise.resolve();
  const direct = (text: string): void => {
    if (file !== undefined) append(file, text);
    // Nobody reads the log any more: the work goes on without it.
    else last = io.stderr.write(text).catch(() => {});
  };
  if (file !== undefined) append(file, '');
  let redirected: ((text: string) => void) | null = null;
  const write = (text: string): void => (file === undefined && redirected ? redirected(text) : direct(text));
  return {
    log: createLog({ level: logLevel(flags), json, write, now: io.date }),
    redirect: (target) => {
      redirected = target;
    },
    write,
    flush: () => last,
  };
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new Failure('usage', `cannot write the log file ${file}: ${messageOf(error)}`, { path: file, cause: error });
  }
}
