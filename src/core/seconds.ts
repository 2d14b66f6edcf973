import type { Nanoseconds } from './entry.ts';

const perSecond = 1_000_000_000n;

/** A time as seconds with up to nine digits behind the point: as rclone keeps it in Swift's and S3's metadata, and as pax
 *  records have it. */
export function formatSeconds(time: Nanoseconds): string {
  const sign = time < 0n ? '-' : '';
  const magnitude = time < 0n ? -time : time;
  const fraction = String(magnitude % perSecond)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${sign}${magnitude / perSecond}${fraction && `.${fraction}`}`;
}

/** Null for what is no such number, and for more seconds than the 64 bits of a system's clock hold. Digits behind the ninth
 *  are dropped. */
export function parseSeconds(text: string): Nanoseconds | null {
  const [, sign, seconds, fraction = ''] = /^(-?)0*(\d{1,18})(?:\.(\d*))?$/.exec(text) ?? [];
  if (seconds === undefined) return null;
  const magnitude = BigInt(seconds) * perSecond + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -magnitude : magnitude;
}
