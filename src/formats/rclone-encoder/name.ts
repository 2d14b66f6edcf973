import { bytesToName, escapeByte, escapedByte, nameToBytes } from '../../core/name-bytes.ts';
import { type EncodingFlag, type EncodingFlags, replacementsOf, standIn } from './flags.ts';

/** Turns one segment of a path into what a store takes, and back. */
export interface NameEncoder {
  encode(name: string): string;
  decode(name: string): string;
}

/** SINGLE HIGH-REVERSED-9 QUOTATION MARK: what follows stands for itself. */
const quote = '‛';

const lineSpaces = '\t\n\v\r';
const leftFlags: readonly (readonly [EncodingFlag, string])[] = [
  ['LeftSpace', ' '],
  ['LeftPeriod', '.'],
  ['LeftTilde', '~'],
  ['LeftCrLfHtVt', lineSpaces],
];
const rightFlags: readonly (readonly [EncodingFlag, string])[] = [
  ['RightSpace', ' '],
  ['RightPeriod', '.'],
  ['RightCrLfHtVt', lineSpaces],
];

const dotNames = new Map([
  ['.', '．'],
  ['..', '．．'],
  ['．', `${quote}．`],
  ['．．', `${quote}．${quote}．`],
]);

/** Same rules as rclone's lib/encoder: MultiEncoder's Encode and Decode. */
export function createNameEncoder(flags: EncodingFlags): NameEncoder {
  const toStandIn = replacementsOf(flags);
  const fromStandIn = inverse(toStandIn);
  const toEdge = {
    left: edgeReplacements(flags, leftFlags),
    right: edgeReplacements(flags, rightFlags),
  };
  const fromEdge = { left: inverse(toEdge.left), right: inverse(toEdge.right) };
  const toDots: ReadonlyMap<string, string> = flags.has('Dot') ? dotNames : new Map();
  const fromDots = inverse(toDots);
  const quotesBytes = flags.has('InvalidUtf8');

  function encodeCharacter(character: string): string {
    const replacement = toStandIn.get(character);
    if (replacement !== undefined) return replacement;
    if (character === quote || fromStandIn.has(character)) return quote + character;
    const byte = quotesBytes && character.length === 1 ? escapedByte(character.charCodeAt(0)) : null;
    return byte === null ? character : quote + byte.toString(16).toUpperCase();
  }

  function decodeMiddle(name: string): string {
    let decoded = '';
    let hasBytes = false;
    for (let i = 0; i < name.length; i++) {
      const isQuoted = name[i] === quote;
      if (isQuoted) i++;
      const character = name[i] ?? '';
      const original = fromStandIn.get(character);
      if (!isQuoted) {
        decoded += original ?? character;
      } else if (character === quote || original !== undefined) {
        decoded += character;
      } else if (quotesBytes && /^[0-9a-f]{2}$/i.test(name.slice(i, i + 2))) {
        const byte = Number.parseInt(name.slice(i, i + 2), 16);
        decoded += byte < 0x80 ? String.fromCharCode(byte) : escapeByte(byte);
        hasBytes = true;
        i++;
      } else {
        decoded += quote + character;
      }
    }
    // Quoted bytes may complete each other to a character.
    return hasBytes ? bytesToName(nameToBytes(decoded)) : decoded;
  }

  return {
    encode(name) {
      const whole = toDots.get(name);
      if (whole !== undefined) return whole;
      const [prefix, afterPrefix] = encodeLeft(name, toEdge.left, fromEdge.left);
      const [middle, suffix] = encodeRight(afterPrefix, toEdge.right, fromEdge.right);
      let encoded = prefix;
      for (const character of middle) encoded += encodeCharacter(character);
      return encoded + suffix;
    },

    decode(name) {
      const whole = fromDots.get(name);
      if (whole !== undefined) return whole;
      const [prefix, afterPrefix] = decodeLeft(name, fromEdge.left);
      const [middle, suffix] = decodeRight(afterPrefix, fromEdge.right);
      return prefix + decodeMiddle(middle) + suffix;
    },
  };
}

type Replacements = ReadonlyMap<string, string>;

function edgeReplacements(flags: EncodingFlags, table: readonly (readonly [EncodingFlag, string])[]): Replacements {
  const characters = table.flatMap(([flag, set]) => (flags.has(flag) ? [...set] : []));
  return new Map(characters.map((character) => [character, standIn(character)]));
}

function inverse(map: Replacements): Replacements {
  return new Map([...map].map(([from, to]) => [to, from]));
}

function encodeLeft(name: string, to: Replacements, from: Replacements): [prefix: string, rest: string] {
  const first = name.charAt(0);
  const prefix = to.get(first) ?? (from.has(first) ? quote + first : '');
  return [prefix, prefix === '' ? name : name.slice(1)];
}

function encodeRight(name: string, to: Replacements, from: Replacements): [rest: string, suffix: string] {
  const last = name.slice(-1);
  const suffix = to.get(last) ?? (from.has(last) ? quote + last : '');
  return [suffix === '' ? name : name.slice(0, -1), suffix];
}

function decodeLeft(name: string, from: Replacements): [prefix: string, rest: string] {
  const original = from.get(name.charAt(0));
  if (original !== undefined) return [original, name.slice(1)];
  const isQuoted = name.charAt(0) === quote && from.has(name.charAt(1));
  return isQuoted ? [name.charAt(1), name.slice(2)] : ['', name];
}

function decodeRight(name: string, from: Replacements): [rest: string, suffix: string] {
  const last = name.slice(-1);
  const original = from.get(last);
  if (original === undefined) return [name, ''];
  const isQuoted = name.at(-2) === quote;
  return isQuoted ? [name.slice(0, -2), last] : [name.slice(0, -1), original];
}
