import { Failure } from '../../core/failure.ts';
import { caseVariants } from './case-fold.ts';

/** A place in a pattern; the functions that read from it move it on. */
export interface Reader {
  readonly text: string;
  offset: number;
}

/** One set of characters: the inside of a class in JavaScript's `v` syntax, and whether the set is what is not in it. */
export interface CharacterSet {
  readonly items: string;
  readonly isNegated: boolean;
}

/** Reads what `regex` (sticky) matches here and moves behind it; null leaves the reader where it is. */
export function take(reader: Reader, regex: RegExp): RegExpExecArray | null {
  regex.lastIndex = reader.offset;
  const match = regex.exec(reader.text);
  if (match) reader.offset += match[0].length;
  return match;
}

/** Reads the rest of `[…]`, the opening bracket being behind the reader. Throws Failure('usage'). */
export function readClass(reader: Reader, foldsCase: boolean): CharacterSet {
  const isNegated = take(reader, /\^/y) !== null;
  let items = '';
  for (let isFirst = true; isFirst || !take(reader, /\]/y); isFirst = false) {
    const set = readPosixClass(reader) ?? readShorthand(reader);
    items += set ? emitSet(set, foldsCase) : readRange(reader);
  }
  return { items, isNegated };
}

/** Reads `\d`, `\W`, `\pL`, `\p{Greek}` and their like, or nothing. Throws Failure('usage'). */
export function readShorthand(reader: Reader): CharacterSet | null {
  const perl = take(reader, /\\([dDsSwW])/y)?.[1];
  if (perl) return { items: perlClasses[perl.toLowerCase()] ?? '', isNegated: perl < 'a' };
  const unicode = take(reader, /\\([pP])(?:\{(\^?)([^}]*)\}|([^{]))/y);
  if (!unicode) return null;
  const [whole, letter, caret, long, short] = unicode;
  return { items: unicodeClass(long ?? short ?? '', whole), isNegated: (letter === 'P') !== (caret === '^') };
}

/** Reads one character behind a backslash, the backslash being read already; answers its code point.
 *  Throws Failure('usage') for escapes that RE2 has not. */
export function readEscape(reader: Reader): number {
  const octal = take(reader, /0[0-7]{0,2}|[1-7][0-7]{1,2}/y)?.[0];
  if (octal) return Number.parseInt(octal, 8);
  const hex = take(reader, /x(?:([\da-fA-F]{2})|\{([\da-fA-F]+)\})/y);
  if (hex) {
    const point = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
    if (point <= 0x10ffff) return point;
  }
  const control = take(reader, /[afnrtv]/y)?.[0];
  if (control) return controls[control] ?? 0;
  const punctuation = take(reader, /[^\da-zA-Z\u0080-\u{10ffff}]/uy)?.[0];
  if (punctuation) return punctuation.charCodeAt(0);
  const wrong = take(reader, /./suy)?.[0];
  throw new Failure('usage', wrong ? `invalid escape sequence "\\${wrong}"` : 'trailing backslash at the end');
}

/** A class in `v` syntax. Case is folded before the set is negated, as Go does. */
export function emitSet({ items, isNegated }: CharacterSet, foldsCase: boolean): string {
  return `[${isNegated ? '^' : ''}${items}${foldsCase ? caseVariants(items) : ''}]`;
}

/** One code point, safe anywhere in a `v` pattern. */
export function literal(point: number): string {
  return `\\u{${point.toString(16)}}`;
}

function readRange(reader: Reader): string {
  const start = reader.offset;
  const low = readClassCharacter(reader);
  const high = take(reader, /-(?!\])/y) ? readClassCharacter(reader) : low;
  if (high < low) throw new Failure('usage', `invalid range "${reader.text.slice(start, reader.offset)}"`);
  return low === high ? literal(low) : `${literal(low)}-${literal(high)}`;
}

function readClassCharacter(reader: Reader): number {
  if (take(reader, /\\/y)) return readEscape(reader);
  const character = take(reader, /./suy)?.[0];
  if (character === undefined) throw new Failure('usage', 'missing closing ]');
  return character.codePointAt(0) ?? 0;
}

function readPosixClass(reader: Reader): CharacterSet | null {
  const match = take(reader, /\[:(\^?)([\s\S]*?):\]/y);
  if (!match) return null;
  const items = posixClasses.get(match[2] ?? '');
  if (items === undefined) throw new Failure('usage', `unknown character class "${match[0]}"`);
  return { items, isNegated: match[1] === '^' };
}

function unicodeClass(name: string, whole: string): string {
  // JavaScript counts unassigned code points to Other, RE2 does not.
  if (name === 'C') return '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}';
  if (name === 'Any') return '\\p{Any}';
  for (const property of [`\\p{General_Category=${name}}`, `\\p{Script=${name}}`]) {
    if (/^\w+$/.test(name) && isPattern(property)) return property;
  }
  throw new Failure('usage', `unknown character class "${whole}"`);
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'v') instanceof RegExp;
  } catch {
    return false;
  }
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const perlClasses: Readonly<Record<string, string>> = { d: '0-9', s: '\\t\\n\\f\\r\\x20', w: '0-9A-Za-z_' };

const posixClasses: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alnum: '0-9A-Za-z',
    alpha: 'A-Za-z',
    ascii: '\\x00-\\x7f',
    blank: '\\t\\x20',
    cntrl: '\\x00-\\x1f\\x7f',
    digit: '0-9',
    graph: '\\x21-\\x7e',
    lower: 'a-z',
    print: '\\x20-\\x7e',
    punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
    space: '\\t\\n\\v\\f\\r\\x20',
    upper: 'A-Z',
    word: '0-9A-Za-z_',
    xdigit: '0-9A-Fa-f',
  }),
);
