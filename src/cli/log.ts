import type { Report } from '../core/report.ts';

/** rclone's levels, the most urgent first. */
export const levels = ['ERROR', 'NOTICE', 'INFO', 'DEBUG'] as const;
export type Level = (typeof levels)[number];

export interface LogOptions {
  readonly level: Level;
  readonly json: boolean;
  /** Takes whole lines. */
  readonly write: (text: string) => void;
  readonly now: () => Date;
}

export interface Log extends Report {
  at(level: Level, subject: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Lines in rclone's log format, or one JSON object a line. */
export function createLog(options: LogOptions): Log {
  const shown = levels.indexOf(options.level);
  const at: Log['at'] = (level, subject, message, fields) => {
    if (levels.indexOf(level) > shown) return;
    const line = options.json ? jsonLine : textLine;
    options.write(line(options.now(), level, subject, message, fields));
  };
  return {
    at,
    error: (subject, message) => at('ERROR', subject, message),
    notice: (subject, message) => at('NOTICE', subject, message),
    info: (subject, message) => at('INFO', subject, message),
    debug: (subject, message) => at('DEBUG', subject, message),
  };
}

function textLine(now: Date, level: Level, subject: string, message: string): string {
  const object = subject === '' ? '' : `${visible(subject)}: `;
  return `${stamp(now)} ${level.padEnd(6)}: ${object}${visibleLines(message)}\n`;
}

// logrus, which rclone logs JSON with, calls a notice a warning.
const jsonLevels: Readonly<Record<Level, string>> = { ERROR: 'error', NOTICE: 'warning', INFO: 'info', DEBUG: 'debug' };

function jsonLine(
  now: Date,
  level: Level,
  subject: string,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const object = subject === '' ? {} : { object: subject };
  return `${JSON.stringify({ level: jsonLevels[level], msg: message, ...object, ...fields, time: now.toISOString() })}\n`;
}

/** `2006/01/02 15:04:05`, local time. */
export function stamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}/${two(now.getMonth() + 1)}/${two(now.getDate())}`;
  return `${date} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}

/** Control characters of a hostile name must not reach a terminal. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, escaped);
}

/** The same for a message that may have several lines, with names in it. */
export function visibleLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, escaped);
}

function escaped(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
