import { isIP } from 'node:net';
import { parseDuration } from '../core/duration.ts';
import { Failure } from '../core/failure.ts';
import { parseFlag, parseInteger } from '../core/options.ts';
import { parseSize } from '../core/size.ts';
import { parseTimetable, type Timetable } from '../core/timetable.ts';

/** One command-line flag; its key in a `FlagSpecs` is its long name. Each can also be set by RCLONE_<NAME>. */
export interface FlagSpec<V> {
  /** `switch` needs no value, `count` adds up, `value` takes the next word, `list` gathers them. */
  readonly kind: 'switch' | 'count' | 'value' | 'list';
  readonly short?: string;
  readonly help: string;
  /** What help calls the value. */
  readonly placeholder?: string;
  readonly shownDefault?: string;
  /** The value when the flag is not given. */
  readonly initial: V;
  /** Adds one occurrence to what came before. Throws Failure('usage'). */
  add(previous: V, text: string): V;
}

// biome-ignore lint/suspicious/noExplicitAny: the value type of a heterogeneous record, narrowed again by FlagValues
export type FlagSpecs = Readonly<Record<string, FlagSpec<any>>>;
export type FlagValues<S extends FlagSpecs> = { readonly [K in keyof S]: S[K] extends FlagSpec<infer V> ? V : never };

/** The environment variable that sets a flag. */
export function variableOf(flag: string): string {
  return `RCLONE_${flag.replaceAll('-', '_').toUpperCase()}`;
}

export function toggle(help: string, short?: string, initial = false): FlagSpec<boolean> {
  return {
    kind: 'switch',
    help,
    initial,
    ...(short && { short }),
    ...(initial && { shownDefault: 'true' }),
    add: (_, text) => parseFlag(text),
  };
}

export function count(help: string, short: string): FlagSpec<number> {
  return { kind: 'count', help, short, initial: 0, add: (previous, text) => previous + countOf(text) };
}

// RCLONE_VERBOSE=2 and --verbose=2 set as much as -vv.
function countOf(text: string): number {
  return text === 'true' ? 1 : parseInteger(text);
}

interface ValueDetails {
  readonly short?: string;
  readonly placeholder?: string;
  readonly shownDefault?: string;
}

function value<V>(help: string, initial: V, parse: (text: string) => V, details: ValueDetails): FlagSpec<V> {
  return { kind: 'value', help, initial, ...details, add: (_, text) => parse(text) };
}

export function textFlag(help: string, details: ValueDetails & { readonly initial?: string } = {}): FlagSpec<string> {
  const { initial = '', ...rest } = details;
  return value(help, initial, (text) => text, {
    placeholder: 'string',
    ...(initial !== '' && { shownDefault: `"${initial}"` }),
    ...rest,
  });
}

/** A text whose absence differs from ''. */
export function optionalText(help: string, details: ValueDetails = {}): FlagSpec<string | undefined> {
  return value<string | undefined>(help, undefined, (text) => text, { placeholder: 'string', ...details });
}

export function integerFlag(help: string, initial: number): FlagSpec<number> {
  return value(help, initial, parseInteger, {
    placeholder: 'int',
    ...(initial !== 0 && { shownDefault: String(initial) }),
  });
}

/** A number that may have a fraction. */
export function numberFlag(help: string, initial: number): FlagSpec<number> {
  const parse = (text: string): number => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) throw new Failure('usage', `"${text}" is not a number`);
    return number;
  };
  return value(help, initial, parse, { placeholder: 'float' });
}

/** An IP address; '' where none is given. */
export function addressFlag(help: string): FlagSpec<string> {
  const parse = (text: string): string => {
    if (text !== '' && isIP(text) === 0) throw new Failure('usage', `"${text}" is not an IP address`);
    return text;
  };
  return value(help, '', parse, { placeholder: 'address' });
}

/** Milliseconds. */
export function durationFlag(help: string, initial: string): FlagSpec<number> {
  return value(help, parseDuration(initial), parseDuration, { placeholder: 'Duration', shownDefault: initial });
}

/** Milliseconds, of which there is an end: `off` would say nothing. */
export function timeFlag(help: string, initial: string): FlagSpec<number> {
  const parse = (text: string): number => {
    const time = parseDuration(text);
    if (!Number.isFinite(time)) throw new Failure('usage', `"${text}" is not a duration: give 0 for none`);
    return time;
  };
  return { ...durationFlag(help, initial), add: (_, text) => parse(text) };
}

/** Bytes; -1 for `off`. */
export function sizeFlag(help: string, initial: string): FlagSpec<number> {
  return value(help, parseSize(initial), parseSize, { placeholder: 'SizeSuffix', shownDefault: initial });
}

/** Null where there is none. */
export function timetableFlag(help: string): FlagSpec<Timetable | null> {
  return value<Timetable | null>(help, null, parseTimetable, { placeholder: 'BwTimetable' });
}

/** One of a few words, in any case; the first one unless `initial` says another. */
export function choiceFlag<C extends string>(
  help: string,
  choices: readonly [C, ...C[]],
  initial: C = choices[0],
): FlagSpec<C> {
  const parse = (text: string): C => chosen(text, choices);
  return value(help, initial, parse, { placeholder: choices.join('|'), shownDefault: initial });
}

/** One of a few words, in any case; null where it is not given. */
export function optionalChoice<C extends string>(help: string, choices: readonly C[]): FlagSpec<C | null> {
  return value<C | null>(help, null, (text) => chosen(text, choices), { placeholder: choices.join('|') });
}

/** Some of a few words, in any case, with commas between them. */
export function choicesFlag<C extends string>(help: string, choices: readonly C[]): FlagSpec<readonly C[]> {
  const parse = (text: string): readonly C[] => {
    const words = text.split(',').map((word) => word.trim());
    return words.filter((word) => word !== '').map((word) => chosen(word, choices));
  };
  return value<readonly C[]>(help, [], parse, { placeholder: 'list' });
}

function chosen<C extends string>(text: string, choices: readonly C[]): C {
  const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (choice === undefined) throw new Failure('usage', `"${text}" is not one of ${choices.join(', ')}`);
  return choice;
}

export function listFlag(help: string, placeholder = 'stringArray'): FlagSpec<readonly string[]> {
  return { kind: 'list', help, placeholder, initial: [], add: (previous, text) => [...previous, text] };
}
