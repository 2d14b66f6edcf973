import { isValidText } from '../../../core/name-bytes.ts';
import type { CryptKeys } from '../keys.ts';
import type { SegmentCodec } from './segment.ts';

const quote = '!';

/** filename_encryption = obfuscate: characters are rotated by an amount that depends on the name and on the key; the name's
 *  part of it stands in front. It hides names from a glance, not from somebody who tries to read them. */
export function obfuscateCodec({ nameKey }: CryptKeys): SegmentCodec {
  const keySum = nameKey.reduce((sum, byte) => sum + byte, 0);
  return {
    seal(name) {
      if (!isValidText(name)) return `${quote}.${name}`;
      const sum = checksum(name);
      let text = `${sum}.`;
      for (const character of name) text += character === quote ? quote + quote : rotate(character, sum + keySum, 1);
      return text;
    },
    open(sealed) {
      const dot = sealed.indexOf('.');
      const prefix = sealed.slice(0, Math.max(0, dot));
      const body = sealed.slice(dot + 1);
      // A name that is no UTF-8 stands as it is.
      if (prefix === quote) return body;
      if (!/^\d{1,3}$/.test(prefix)) return null;
      const name = unrotate(body, Number(prefix) + keySum);
      // rclone does not check this, and shows any `7.txt` of another program as a garbled name. Nobody could open a file of
      // that name, which would not be sealed to this one again.
      return checksum(name) === Number(prefix) ? name : null;
    },
  };
}

function checksum(name: string): number {
  let sum = 0;
  for (const character of name) sum += character.codePointAt(0) ?? 0;
  return sum % 256;
}

function unrotate(text: string, distance: number): string {
  let name = '';
  let isQuoted = false;
  for (const character of text) {
    if (isQuoted) name += character;
    else if (character !== quote) name += rotate(character, distance, -1);
    isQuoted = !isQuoted && character === quote;
  }
  return name;
}

// Each kind of character rotates among its own: digits, ASCII letters, Latin-1, and pages of 256 beyond that.
function rotate(character: string, distance: number, direction: 1 | -1): string {
  const code = character.codePointAt(0) ?? 0;
  if (/[0-9]/.test(character)) return turn(code, 0x30, 10, direction * ((distance % 9) + 1));
  if (/[A-Za-z]/.test(character)) return rotateLetter(code, direction * ((distance % 25) + 1));
  if (code >= 0xa0 && code <= 0xff) return turn(code, 0xa0, 96, direction * ((distance % 95) + 1));
  if (code >= 0x100) return turn(code, code - (code % 256), 256, direction * ((distance % 127) + 1));
  return character;
}

function turn(code: number, first: number, count: number, by: number): string {
  return String.fromCodePoint(first + ((code - first + by + count) % count));
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function rotateLetter(code: number, by: number): string {
  const position = letters.indexOf(String.fromCharCode(code));
  return letters.charAt((position + by + letters.length) % letters.length);
}
