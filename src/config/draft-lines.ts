import { Failure } from '../core/failure.ts';
import { bytesToName, nameToBytes } from '../core/name-bytes.ts';
import { type IniLine, parseIni } from './ini.ts';

export type ValueLine = Extract<IniLine, { kind: 'value' }>;

/** The line with another value, its key and its ending as they were. Throws Failure('usage') for a value that rclone
 *  could not read back. */
export function withValue(line: ValueLine, value: string): Uint8Array {
  const head = / [=:]$/.test(line.head) ? `${line.head} ` : line.head;
  const key = parseLine(line.raw)?.key;
  return readableLine([head], value, lineEnd(line.raw), (parsed) => parsed.key === key) ?? refuseValue(line.key, value);
}

/** A line for a value that is not there yet. Throws Failure('usage') for what rclone could not read back. */
export function valueLine(key: string, value: string, ending: string): Uint8Array {
  const heads = [key, `"${key}"`, `\`${key}\``, `"""${key}"""`].map((quoted) => `${quoted} = `);
  return readableLine(heads, value, ending, (parsed) => parsed.key === key) ?? refuseValue(key, value);
}

/** The header `[name]`, with the white space around it and the ending that `raw` has. Throws Failure('usage'). */
export function sectionHeader(name: string, raw: Uint8Array): Uint8Array {
  const header = nameToBytes(bytesToName(raw).replace(/\[.*\]/s, () => `[${name}]`));
  const [line, second] = tryParse(header);
  if (line?.kind === 'section' && line.section === name && !second) return header;
  throw new Failure('usage', `a config file cannot hold a remote of the name ${JSON.stringify(name)}`);
}

/** `\r\n`, `\n`, or '' for a last line without one. */
export function lineEnd(raw: Uint8Array): string {
  return /\r?\n$/.exec(bytesToName(raw.subarray(-2)))?.[0] ?? '';
}

// How the file's reader takes quotes is its own affair: of all spellings, the first that it reads as it should.
function readableLine(
  heads: readonly string[],
  value: string,
  ending: string,
  isRight: (line: ValueLine) => boolean,
): Uint8Array | undefined {
  const values = [value, `\`${value}\``, `"""${value}"""`];
  const spellings = heads.flatMap((head) => values.map((quoted) => nameToBytes(head + quoted + ending)));
  return spellings.find((spelling) => {
    const line = parseLine(spelling);
    return line?.value === value && isRight(line);
  });
}

function parseLine(raw: Uint8Array): ValueLine | null {
  const [line, second] = tryParse(raw);
  return line?.kind === 'value' && !second ? line : null;
}

function tryParse(raw: Uint8Array): readonly IniLine[] {
  try {
    return parseIni(raw, '');
  } catch {
    return [];
  }
}

// Between quotes any text stands, so long as it is one line; a key has less room.
function refuseValue(key: string, value: string): never {
  const what = value.includes('\n')
    ? `this value of option ${JSON.stringify(key)}: it has line breaks`
    : `an option of the name ${JSON.stringify(key)}`;
  throw new Failure('usage', `a config file cannot hold ${what}`);
}
