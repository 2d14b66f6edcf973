import { Failure } from './failure.ts';
import { formatFixed } from './fixed.ts';

const powers = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Bytes from rclone's size suffix: `100` is KiB, `10b` bytes, `1.5G`, `64Mi`, `off` is -1.
 *  Throws Failure('usage'). Same rules as rclone's fs.SizeSuffix. */
export function parseSize(text: string): number {
  if (text.toLowerCase() === 'off') return -1;
  const match = /^\+?([0-9.]+)(?:(b)|([kmgtpe])i?b?)?$/i.exec(text);
  const value = Number(match?.[1]);
  if (!match || Number.isNaN(value)) {
    throw new Failure('usage', `bad size "${text}": give a number with b, K, M, G, T or P after it`);
  }
  const power = match[2] ? 0 : match[3] ? powers.indexOf(match[3].toUpperCase()) : 1;
  return Math.floor(value * 1024 ** power);
}

/** Bytes as rclone prints them: `1.500Gi`, `117`, `off`. */
export function formatSize(bytes: number): string {
  if (bytes < 0) return 'off';
  const { digits, power } = scale(bytes);
  return power === 0 ? digits : `${digits}${powers[power]}i`;
}

/** Bytes as rclone's statistics show them: `1.500 GiB`, `9 B`. */
export function formatByteUnit(bytes: number): string {
  const { digits, power } = scale(bytes);
  return `${digits} ${power === 0 ? 'B' : `${powers[power]}iB`}`;
}

/** Bits as rclone's statistics show them: `1.500 Gibit`, `9 bit`. */
export function formatBitUnit(bits: number): string {
  const { digits, power } = scale(bits);
  return `${digits} ${power === 0 ? '' : `${powers[power]}i`}bit`;
}

function scale(bytes: number): { digits: string; power: number } {
  const power = bytes < 1024 ? 0 : Math.min(6, Math.floor(Math.log2(bytes) / 10));
  const scaled = bytes / 1024 ** power;
  return { digits: Number.isInteger(scaled) ? String(scaled) : formatFixed(scaled, 3), power };
}
