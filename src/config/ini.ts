import { Failure } from '../core/failure.ts';
import { bytesToName } from '../core/name-bytes.ts';
import { trimSpace } from './whitespace.ts';

/** One line of a config file. `raw` is all of it, its ending included: joined, the lines give the file back. */
export type IniLine =
  | { readonly kind: 'other'; readonly raw: Uint8Array }
  | { readonly kind: 'section'; readonly raw: Uint8Array; readonly section: string }
  | {
      readonly kind: 'value';
      readonly raw: Uint8Array;
      readonly section: string;
      readonly key: string;
      readonly value: string;
      /** The line before its value: indentation, key, separator and the white space behind it. */
      readonly head: string;
    };

/** Where values stand that precede the first section, and where `%(name)s` looks first. */
export const defaultSection = 'DEFAULT';

/** Splits a config file into its lines as rclone's reader (goconfig 1.0.0) understands them; what it does and
 *  other INI parsers do not is listed in docs/decisions/0001-own-config-parser.md.
 *  Bytes that are not UTF-8 stand in keys and values as in the names of files (core/name-bytes.ts).
 *  Throws Failure('usage') with `file` and the line's number, never with its text, which may be a secret. */
export function parseIni(data: Uint8Array, file: string): readonly IniLine[] {
  const lines: IniLine[] = [];
  let section = defaultSection;
  let isNameless = false;
  let dashes = 0;
  for (const raw of splitLines(data)) {
    const decoded = bytesToName(raw);
    const text = trimSpace(lines.length === 0 ? decoded.replace(/^\ufeff/, '') : decoded);
    if (text === '' || text.startsWith('#') || text.startsWith(';')) {
      lines.push({ kind: 'other', raw });
    } else if (text.startsWith('[') && text.endsWith(']') && text.length > 1) {
      const name = trimSpace(text.slice(1, -1));
      section = name || defaultSection;
      isNameless = name === '';
      dashes = 0;
      lines.push({ kind: 'section', raw, section });
    } else {
      const pair = isNameless ? null : parsePair(text);
      if (!pair) throw unreadable(file, lines.length + 1, isNameless);
      const key = pair.key === '-' ? `#${++dashes}` : pair.key;
      const indentation = decoded.slice(0, decoded.indexOf(text));
      lines.push({ kind: 'value', raw, section, key, value: pair.value, head: indentation + pair.head });
    }
  }
  return lines;
}

function* splitLines(data: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < data.length; ) {
    const newline = data.indexOf(0x0a, start);
    const end = newline === -1 ? data.length : newline + 1;
    yield data.subarray(start, end);
    start = end;
  }
}

function unreadable(file: string, line: number, isNameless: boolean): Failure {
  const why = isNameless ? 'the section above has no name' : 'neither "key = value", a [section] nor a # comment';
  return new Failure('usage', `cannot read config file ${file}, line ${line}: ${why}`, { path: file });
}

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly head: string;
}

function parsePair(text: string): Pair | null {
  const quote = openingQuote(text, ['"""', '"', '`']);
  const keyEnd = quote ? text.indexOf(quote, quote.length) : 0;
  if (keyEnd === -1) return null;
  const separator = keyEnd + text.slice(keyEnd).search(/[=:]/);
  if (separator <= keyEnd) return null;
  const key = quote ? text.slice(quote.length, keyEnd) : trimSpace(text.slice(0, separator));
  const quoted = trimSpace(text.slice(separator + 1));
  const value = unquote(quoted);
  const head = text.slice(0, text.length - quoted.length);
  return value === null ? null : { key, value, head };
}

// A plain quotation mark opens nothing in a value: it is part of it.
function unquote(text: string): string | null {
  const quote = openingQuote(text, ['"""', '`']);
  if (!quote) return text;
  const end = text.lastIndexOf(quote);
  return end < quote.length ? null : text.slice(quote.length, end);
}

/** The quote that `text` starts with; a long one counts only where its end has room. */
function openingQuote(text: string, quotes: readonly string[]): string | undefined {
  const bytes = Buffer.byteLength(text);
  return quotes.find((quote) => text.startsWith(quote) && (quote === '"' || bytes >= 2 * quote.length));
}
