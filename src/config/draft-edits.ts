import { lineEnd, sectionHeader, type ValueLine, valueLine, withValue } from './draft-lines.ts';
import type { IniLine } from './ini.ts';
import { trimSpace } from './whitespace.ts';

// Each edit takes the lines of a file and gives the bytes of the lines that it has afterwards.
type Lines = readonly IniLine[];
type Raws = readonly Uint8Array[];

const byteOrderMark = Buffer.from('\ufeff');

export function setValue(lines: Lines, section: string, key: string, value: string): Raws {
  const isOld = (line: IniLine): line is ValueLine => isValueOf(line, section) && line.key === key;
  // The last of equal keys is the one that counts.
  const old = lines.findLast(isOld);
  if (old) return lines.map((line) => (line === old && old.value !== value ? withValue(old, value) : line.raw));
  const last = lines.findLastIndex((line) => isValueOf(line, section));
  const place = last === -1 ? lines.findLastIndex((line) => isHeaderOf(line, section)) : last;
  return insertAfter(lines, place, (ending) => [valueLine(key, value, ending)]);
}

export function unsetValues(lines: Lines, section: string, keys: readonly string[]): Raws {
  return keepLines(lines, (line) => !(isValueOf(line, section) && keys.includes(line.key)));
}

/** Adds an empty section to the end of the file. */
export function appendSection(lines: Lines, section: string): Raws {
  return insertAfter(lines, lines.length - 1, (ending) => newSection(lines, section, ending));
}

/** Adds a section with the value lines of another to the end of the file. */
export function copySection(lines: Lines, section: string, to: string): Raws {
  return insertAfter(lines, lines.length - 1, (ending) => {
    const values = lines.filter((line) => isValueOf(line, section));
    return [...newSection(lines, to, ending), ...values.map(({ raw }) => withEnd(withoutMark(raw), ending))];
  });
}

export function renameSection(lines: Lines, section: string, to: string): Raws {
  return lines.map((line) => (isHeaderOf(line, section) ? sectionHeader(to, line.raw) : line.raw));
}

/** Takes away each part of the section from its header to its last value, and the blank lines behind that. */
export function removeSection(lines: Lines, section: string): Raws {
  const goes = new Set<IniLine>();
  for (const part of partsOf(lines)) {
    const first = part.findIndex((line) => isHeaderOf(line, section) || isValueOf(line, section));
    if (first === -1) continue;
    const last = part.findLastIndex((line) => line.kind !== 'other');
    const next = part.findIndex((line, index) => index > last && !isBlank(line));
    for (const line of part.slice(first, next === -1 ? undefined : next)) goes.add(line);
  }
  return keepLines(lines, (line) => !goes.has(line));
}

/** The lines before the first header, then each header with those that follow it. */
function partsOf(lines: Lines): Lines[] {
  const starts = [0, ...lines.flatMap((line, index) => (line.kind === 'section' && index > 0 ? [index] : []))];
  return starts.map((start, i) => lines.slice(start, starts[i + 1]));
}

function newSection(lines: Lines, name: string, ending: string): Raws {
  const last = lines.at(-1);
  const gap = last && !isBlank(last) ? [Buffer.from(ending)] : [];
  return [...gap, sectionHeader(name, Buffer.from(`[]${ending}`))];
}

/** `make` gets the line ending that the file has. */
function insertAfter(lines: Lines, index: number, make: (ending: string) => Raws): Raws {
  const ending = lineEnd(lines[0]?.raw ?? new Uint8Array()) || '\n';
  const before = lines.slice(0, index + 1).map((line) => withEnd(line.raw, ending));
  return [...before, ...make(ending), ...rawsOf(lines.slice(index + 1))];
}

/** The file keeps its byte order mark, and a line that begins with the same character does not make one by coming first. */
function keepLines(lines: Lines, isKept: (line: IniLine) => boolean): Raws {
  const kept = lines.filter(isKept);
  const [first] = lines;
  if (!first || first === kept[0]) return rawsOf(kept);
  if (startsWithMark(first.raw)) return [byteOrderMark, ...rawsOf(kept)];
  return kept[0] && startsWithMark(kept[0].raw) ? [Buffer.from('\n'), ...rawsOf(kept)] : rawsOf(kept);
}

function isValueOf(line: IniLine, section: string): line is ValueLine {
  return line.kind === 'value' && line.section === section;
}

function isHeaderOf(line: IniLine, section: string): boolean {
  return line.kind === 'section' && line.section === section;
}

function isBlank({ kind, raw }: IniLine): boolean {
  return kind === 'other' && trimSpace(Buffer.from(withoutMark(raw)).toString()) === '';
}

function startsWithMark(raw: Uint8Array): boolean {
  return byteOrderMark.equals(raw.subarray(0, byteOrderMark.length));
}

function withoutMark(raw: Uint8Array): Uint8Array {
  return startsWithMark(raw) ? raw.subarray(byteOrderMark.length) : raw;
}

function withEnd(raw: Uint8Array, ending: string): Uint8Array {
  return lineEnd(raw) === '' ? Buffer.concat([raw, Buffer.from(ending)]) : raw;
}

function rawsOf(lines: Lines): Raws {
  return lines.map((line) => line.raw);
}
