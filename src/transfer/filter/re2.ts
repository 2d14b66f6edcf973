import { Failure } from '../../core/failure.ts';
import { emitSet, literal, type Reader, readClass, readEscape, readShorthand, take } from './re2-class.ts';
import { emitSequence } from './re2-sequence.ts';

interface Flags {
  readonly foldsCase: boolean;
  readonly isMultiline: boolean;
  readonly dotMatchesNewline: boolean;
}

/** Compiles a pattern in the syntax of Go's regexp package (RE2) so that `test` answers as Go's MatchString.
 *  Throws Failure('usage') with the reason where Go refuses it. */
export function compileRe2(pattern: string): RegExp {
  const reader = { text: pattern, offset: 0 };
  const source = readAlternatives(reader, { foldsCase: false, isMultiline: false, dotMatchesNewline: false });
  if (reader.offset < pattern.length) throw new Failure('usage', 'unexpected )');
  return new RegExp(source, 'v');
}

// Everything up to the closing parenthesis or the end.
function readAlternatives(reader: Reader, outer: Flags): string {
  let flags = outer;
  let source = '';
  let atoms: string[] = [];
  while (reader.offset < reader.text.length && reader.text[reader.offset] !== ')') {
    const change = take(reader, /\(\?([imsU]*)(?:-([imsU]+))?\)/y);
    const quoted = change ? null : take(reader, /\\Q(.*?)(?:\\E|$)/sy);
    const repetition = change || quoted ? null : readRepetition(reader);
    if (change) {
      flags = changeFlags(flags, change[1], change[2]);
    } else if (quoted) {
      // Each character is an atom of its own: what follows repeats the last.
      for (const character of quoted[1] ?? '') atoms.push(emitLiteral(pointOf(character), flags));
    } else if (repetition !== null) {
      const repeated = atoms.pop();
      if (repeated === undefined) throw new Failure('usage', `missing argument to repetition operator "${repetition}"`);
      atoms.push(`(?:${repeated}${repetition})`);
    } else if (take(reader, /\|/y)) {
      source += `${emitSequence(atoms)}|`;
      atoms = [];
    } else {
      atoms.push(readAtom(reader, flags));
    }
  }
  return source + emitSequence(atoms);
}

function readAtom(reader: Reader, flags: Flags): string {
  if (take(reader, /\(/y)) return readGroup(reader, flags);
  if (take(reader, /\[/y)) return emitSet(readClass(reader, flags.foldsCase), flags.foldsCase);
  // [^] would be shorter, but V8 does not match it in a `v` pattern.
  if (take(reader, /\./y)) return flags.dotMatchesNewline ? '[\\s\\S]' : '[^\\n]';
  if (take(reader, /\^/y)) return flags.isMultiline ? assertions.lineStart : assertions.start;
  if (take(reader, /\$/y)) return flags.isMultiline ? assertions.lineEnd : assertions.end;
  if (take(reader, /\\A/y)) return assertions.start;
  if (take(reader, /\\z/y)) return assertions.end;
  const boundary = take(reader, /\\[bB]/y);
  if (boundary) return `(?:${boundary[0]})`;
  const shorthand = readShorthand(reader);
  if (shorthand) return emitSet(shorthand, flags.foldsCase);
  if (take(reader, /\\/y)) return emitLiteral(readEscape(reader), flags);
  return emitLiteral(pointOf(take(reader, /./suy)?.[0] ?? ''), flags);
}

function readGroup(reader: Reader, flags: Flags): string {
  const head = take(reader, /\?P<\w+>|\?([imsU]*)(?:-([imsU]+))?:|(?!\?)/y);
  if (!head) {
    const syntax = reader.text.slice(reader.offset - 1, reader.offset + 2);
    throw new Failure('usage', `invalid or unsupported Perl syntax "${syntax}"`);
  }
  const inner = readAlternatives(reader, changeFlags(flags, head[1], head[2]));
  if (!take(reader, /\)/y)) throw new Failure('usage', 'missing closing )');
  return `(?:${inner})`;
}

const repetitions = /(?:([*+?])|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})\??/y;
const anotherRepetition = new RegExp(`(?=${repetitions.source})`, 'y');

// Laziness does not change whether something matches, so it is dropped. A brace that is no repetition is a literal.
function readRepetition(reader: Reader): string | null {
  const match = take(reader, repetitions);
  if (!match) return null;
  const [operator, symbol, from, comma = '', to = ''] = match;
  if (take(reader, anotherRepetition)) {
    throw new Failure('usage', `invalid nested repetition operator behind "${operator}"`);
  }
  if (symbol) return symbol;
  if (Math.max(Number(from), Number(to)) > 1000 || (to !== '' && Number(to) < Number(from))) {
    throw new Failure('usage', `invalid repeat count "${operator}"`);
  }
  return `{${from}${comma}${to}}`;
}

function changeFlags(flags: Flags, on = '', off = ''): Flags {
  const decide = (letter: string, before: boolean) => !off.includes(letter) && (before || on.includes(letter));
  return {
    foldsCase: decide('i', flags.foldsCase),
    isMultiline: decide('m', flags.isMultiline),
    dotMatchesNewline: decide('s', flags.dotMatchesNewline),
  };
}

function emitLiteral(point: number, flags: Flags): string {
  return flags.foldsCase ? emitSet({ items: literal(point), isNegated: false }, true) : literal(point);
}

function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

// Grouped, because JavaScript does not let a bare assertion be repeated, and Go does.
const assertions = { start: '(?:^)', end: '(?:$)', lineStart: '(?:(?<![^\\n]))', lineEnd: '(?:(?![^\\n]))' };
