import { Failure } from './failure.ts';

const second = 1000;
const day = 86_400 * second;
// rclone's own units (fs/parseduration.go) after Go's.
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: second,
  m: 60 * second,
  h: 3600 * second,
  d: day,
  w: 7 * day,
  M: 30 * day,
  y: 365 * day,
};

/** Milliseconds from rclone's duration: `1h30m`, `100ms`, `2d`, `1.5w`, a bare number of seconds; `off` is Infinity.
 *  Throws Failure('usage'). */
export function parseDuration(text: string): number {
  if (text === 'off') return Number.POSITIVE_INFINITY;
  const [, sign, body = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const factor = sign === '-' ? -1 : 1;
  if (/^[\d.]+$/.test(body) && !Number.isNaN(Number(body))) return factor * Number(body) * second;
  let total = 0;
  let rest = body;
  while (rest !== '') {
    const match = /^(\d+\.?\d*|\.\d+)(ns|us|\xb5s|\u03bcs|ms|s|m|h|d|w|M|y)/.exec(rest);
    if (!match) break;
    total += Number(match[1]) * (units[match[2] ?? ''] ?? Number.NaN);
    rest = rest.slice(match[0].length);
  }
  if (body === '' || rest !== '') {
    throw new Failure('usage', `bad duration "${text}": give a number with ms, s, m, h, d, w, M or y after it`);
  }
  return factor * total;
}
