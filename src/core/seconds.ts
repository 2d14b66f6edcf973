import type { Nanoseconds } from '../../core/entry.ts';

const perSecond = 1_000_000_000n;

/** Seconds with up to nine digits behind the point, as rclone keeps a modification time in Swift's and S3's metadata. */
export function formatMtime(modified: Nanoseconds): string {
  const sign = modified < 0n ? '-' : '';
  const magnitude = modified < 0n ? -modified : modified;
  const fraction = String(magnitude % perSecond)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${sign}${magnitude / perSecond}${fraction && `.${fraction}`}`;
}

/** Null for what is no such number. Digits behind the ninth are dropped. */
export function parseMtime(text: string): Nanoseconds | null {
  const [, sign, seconds, fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (seconds === undefined) return null;
  const magnitude = BigInt(seconds) * perSecond + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -magnitude : magnitude;
}
