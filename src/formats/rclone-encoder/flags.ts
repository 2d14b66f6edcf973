import { Failure } from '../../core/failure.ts';

// In the order of rclone's bits (lib/encoder/encoder.go): the first is 1 << 1.
const flagNames = [
  'Slash',
  'LtGt',
  'DoubleQuote',
  'SingleQuote',
  'BackQuote',
  'Dollar',
  'Colon',
  'Question',
  'Asterisk',
  'Pipe',
  'Hash',
  'Percent',
  'BackSlash',
  'CrLf',
  'Del',
  'Ctl',
  'LeftSpace',
  'LeftPeriod',
  'LeftTilde',
  'LeftCrLfHtVt',
  'RightSpace',
  'RightPeriod',
  'RightCrLfHtVt',
  'InvalidUtf8',
  'Dot',
  'SquareBracket',
  'Semicolon',
] as const;

export type EncodingFlag = (typeof flagNames)[number];
export type EncodingFlags = ReadonlySet<EncodingFlag>;

/** The form in which rclone shows and passes on names. */
export const standardFlags: EncodingFlags = new Set<EncodingFlag>(['Slash', 'Ctl', 'Del', 'Dot']);

/** The flags that `encoding = Slash,Dot` names; bits as numbers are taken too. Throws Failure('usage'). */
export function parseEncoding(text: string): EncodingFlags {
  const flags = new Set<EncodingFlag>();
  for (const part of text.split(',').map((word) => word.trim())) {
    if (part === 'None') continue;
    const named = flagNames.find((name) => name === part);
    if (named) flags.add(named);
    else for (const flag of flagsOfBits(part)) flags.add(flag);
  }
  return flags;
}

function flagsOfBits(word: string): EncodingFlag[] {
  if (!/^(0x[0-9a-f]+|0b[01]+|0o?[0-7]*|[1-9]\d*)$/i.test(word)) {
    throw new Failure('usage', `bad encoding "${word}": give None or some of ${flagNames.join(', ')}`);
  }
  const bits = BigInt(/^0[0-7]+$/.test(word) ? `0o${word.slice(1)}` : word);
  return flagNames.filter((_, i) => (bits >> BigInt(i + 1)) & 1n);
}

/** The characters that each flag replaces wherever they stand in a name. */
const replaced: Readonly<Partial<Record<EncodingFlag, string>>> = {
  Slash: '/',
  LtGt: '<>',
  DoubleQuote: '"',
  SingleQuote: "'",
  BackQuote: '`',
  Dollar: '$',
  Colon: ':',
  Question: '?',
  Asterisk: '*',
  Pipe: '|',
  Hash: '#',
  Percent: '%',
  BackSlash: '\\',
  CrLf: '\r\n',
  Del: '\x7f',
  Ctl: String.fromCharCode(...Array.from({ length: 0x1f }, (_, i) => i + 1)),
  SquareBracket: '[]',
  Semicolon: ';',
};

/** Each character to replace, NUL among them always, and its stand-in. */
export function replacementsOf(flags: EncodingFlags): ReadonlyMap<string, string> {
  const characters = ['\0', ...[...flags].flatMap((flag) => [...(replaced[flag] ?? '')])];
  return new Map(characters.map((character) => [character, standIn(character)]));
}

/** A picture of a control character or of a space, or the full-width form of a printable one. */
export function standIn(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return String.fromCharCode(code + (code <= 0x20 ? 0x2400 : 0xfee0));
}
