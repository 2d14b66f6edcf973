import { spelledOut } from '../core/json.ts';
import type { Report } from '../core/report.ts';

/** rclone's levels, the most urgent first. */
export const levels = ['ERROR', 'NOTICE', 'INFO', 'DEBUG'] as const;
export type Level = (typeof levels)[number];

export interface LogOptions {
  readonly level: Level;
  /** Lines for people, one JSON object a line, or lines for the journal of systemd. */
  readonly form: 'text' | 'json' | 'systemd';
  readonly stamp: Stamp;
  /** Takes whole lines. */
  readonly write: (text: string) => void;
  readonly now: () => Date;
}

type Fields = Readonly<Record<string, unknown>>;

export interface Log extends Report {
  at(level: Level, subject: string, message: string, fields?: Fields): void;
}

/** What stands before each line for people: a time with a space behind it, or nothing. */
export type Stamp = (now: Date) => string;

export function createLog(options: LogOptions): Log {
  const shown = levels.indexOf(options.level);
  const at: Log['at'] = (level, subject, message, fields) => {
    if (levels.indexOf(level) > shown) return;
    const now = options.now();
    const line =
      options.form === 'json'
        ? jsonLine(now, level, subject, message, fields)
        : `${options.form === 'systemd' ? `<${priorities[level]}>` : options.stamp(now)}${textLine(level, subject, message, fields)}`;
    options.write(line);
  };
  return {
    at,
    error: (subject, message) => at('ERROR', subject, message),
    notice: (subject, message) => at('NOTICE', subject, message),
    info: (subject, message) => at('INFO', subject, message),
    debug: (subject, message) => at('DEBUG', subject, message),
  };
}

/** Statistics and what is dumped have lines; in any other message a name may pretend to. */
function textLine(level: Level, subject: string, message: string, fields: Fields | undefined): string {
  const object = subject === '' ? '' : `${visible(subject)}: `;
  const shown = fields || level === 'DEBUG' ? visibleLines(message) : visible(message);
  return `${level.padEnd(6)}: ${object}${shown}\n`;
}

// Of sd-daemon(3), and those that rclone gives its levels.
const priorities: Readonly<Record<Level, number>> = { ERROR: 3, NOTICE: 5, INFO: 6, DEBUG: 7 };

// logrus, which rclone logs JSON with, calls a notice a warning.
const jsonLevels: Readonly<Record<Level, string>> = { ERROR: 'error', NOTICE: 'warning', INFO: 'info', DEBUG: 'debug' };

function jsonLine(now: Date, level: Level, subject: string, message: string, fields: Fields = {}): string {
  const object = subject === '' ? {} : { object: subject };
  const line = { level: jsonLevels[level], msg: message, ...object, ...fields, time: now.toISOString() };
  return `${visibleJson(JSON.stringify(line))}\n`;
}

/** For a list of `date`, `time`, `microseconds`, `UTC` and `pid`, as `--log-format` has it; other words stand for nothing.
 *  Local time, unless it is to be UTC. */
export function createStamp(format: string): Stamp {
  const words = format.split(',');
  const has = (word: string): boolean => words.includes(word);
  const pid = has('pid') ? `[${process.pid}] ` : '';
  return (now) => {
    const offset = has('UTC') ? 0 : now.getTimezoneOffset() * 60_000;
    const iso = new Date(now.getTime() - offset).toISOString();
    const date = has('date') ? `${iso.slice(0, 10).replaceAll('-', '/')} ` : '';
    const fraction = has('microseconds') ? `.${iso.slice(20, 23)}000` : '';
    const time = has('time') || has('microseconds') ? `${iso.slice(11, 19)}${fraction} ` : '';
    return `${date}${time}${pid}`;
  };
}

/** `2006/01/02 15:04:05 `, local time. */
export const usualStamp = createStamp('date,time');

/** Control characters of a hostile name must not reach a terminal. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, escaped);
}

/** The same for JSON, which lets some of them stand as they are: it means what it meant. */
export function visibleJson(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, spelledOut);
}

/** The same for a text that has several lines, with names in it. */
export function visibleLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, escaped);
}

function escaped(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
