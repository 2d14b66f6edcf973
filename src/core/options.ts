import { Failure } from './failure.ts';
import { parseSize } from './size.ts';

/** One option of a backend: rclone's name is its key in `OptionSpecs`. */
export interface OptionSpec<V> {
  readonly kind: 'text' | 'secret' | 'flag' | 'integer' | 'size';
  readonly help: string;
  /** As it would stand in the config. */
  readonly default: string;
  readonly required?: boolean;
  /** Options of which one may be set in place of this required one. */
  readonly alternatives?: readonly string[];
  readonly advanced?: boolean;
  /** Left out of the menu, as nobody should need to know it. */
  readonly hidden?: boolean;
  /** The providers that it is asked for, in rclone's notation: `AWS,Ceph`, or all but those with a leading `!`. */
  readonly provider?: string;
  readonly examples?: readonly OptionExample[];
  /** Throws Failure('usage'). A secret is already revealed. */
  parse(text: string): V;
}

export interface OptionExample {
  readonly value: string;
  readonly help: string;
  /** As `OptionSpec.provider`. */
  readonly provider?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the value type of a heterogeneous record, narrowed again by Options
export type OptionSpecs = Readonly<Record<string, OptionSpec<any>>>;
export type Options<S extends OptionSpecs> = { readonly [K in keyof S]: S[K] extends OptionSpec<infer V> ? V : never };

type Details = Partial<Omit<OptionSpec<unknown>, 'kind' | 'help' | 'parse'>>;

export function text(help: string, details: Details = {}): OptionSpec<string> {
  return { kind: 'text', help, default: '', ...details, parse: (value) => value };
}

/** Stands obscured in the config; the backend gets it revealed. */
export function secret(help: string, details: Details = {}): OptionSpec<string> {
  return { ...text(help, details), kind: 'secret' };
}

export function flag(help: string, details: Details = {}): OptionSpec<boolean> {
  return { kind: 'flag', help, default: 'false', ...details, parse: parseFlag };
}

export function integer(help: string, details: Details = {}): OptionSpec<number> {
  return { kind: 'integer', help, default: '0', ...details, parse: parseInteger };
}

/** Bytes; a bare number is KiB, as everywhere in rclone. */
export function size(help: string, details: Details = {}): OptionSpec<number> {
  return { kind: 'size', help, default: '0', ...details, parse: parseSize };
}

// The spellings of Go's strconv.ParseBool, which rclone uses.
const spellings = new Map<string, boolean>([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((spelling) => [spelling, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((spelling) => [spelling, false] as const),
]);

export function parseFlag(value: string): boolean {
  const parsed = spellings.get(value);
  if (parsed === undefined) throw new Failure('usage', `"${value}" is neither true nor false`);
  return parsed;
}

const integerSpelling = /^([-+]?)(0x(?:_?[\da-f])+|0b(?:_?[01])+|0o(?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/i;
const beyondInt64 = 2 ** 63;

/** The spellings of Go's strconv.ParseInt with base 0, which rclone uses: `0x10`, `0b11`, `0o17` or `017`, `10_000`. */
export function parseInteger(value: string): number {
  const [, sign, spelt] = integerSpelling.exec(value) ?? [];
  if (spelt === undefined) throw new Failure('usage', `"${value}" is not a whole number`);
  const size = Number(spelt.replaceAll('_', '').replace(/^0(?=\d)/, '0o'));
  if (size > beyondInt64) throw new Failure('usage', `"${value}" is too large a number`);
  return sign === '-' ? 0 - size : size;
}
