import type { Awaitable } from '../core/awaitable.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import { comparePaths } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { modifiedOf } from './compare.ts';
import type { Session } from './session.ts';

/** In which order files that wait are transferred (`--order-by`). */
export interface Order {
  readonly by: 'name' | 'size' | 'modtime';
  readonly isDescending: boolean;
  /** Of a hundred transfers at once, how many take the first in line; the others take the last. */
  readonly share: number;
}

/** What a file is ordered by. */
export type Key = string | number | bigint;

/** Reads `size`, `name,descending`, `modtime,asc`, `size,mixed,25`; null for ''. Throws Failure('fatal'), as rclone does. */
export function parseOrder(text: string): Order | null {
  if (text === '') return null;
  const [by, direction = 'ascending', share = '50', ...rest] = text.toLowerCase().split(',');
  if (by !== 'name' && by !== 'size' && by !== 'modtime') throw badOrder(`unknown --order-by comparison "${by}"`);
  const [, word] = /^(asc|desc|mixed|(?:a|de)scending)$/.exec(direction) ?? [];
  if (word === undefined) throw badOrder(`unknown --order-by sort direction "${direction}"`);
  const isMixed = word === 'mixed';
  if (!/^[-+]?\d+$/.test(share)) throw badOrder(`bad mixed fraction --order-by "${share}"`);
  if (rest.length > 0 || Number(share) < 0 || (!isMixed && text.split(',').length > 2))
    throw badOrder(`bad --order-by string "${text}"`);
  return { by, isDescending: word.startsWith('desc'), share: isMixed ? Number(share) : 100 };
}

function badOrder(message: string): Failure {
  return new Failure('fatal', message);
}

/** The file's key; a store whose listings have no times is asked for them. */
export function keyOf(session: Session, from: Location, { by }: Order, file: FileEntry): Awaitable<Key> {
  if (by === 'name') return file.path;
  if (by === 'size') return file.size;
  return modifiedOf(session, from, file);
}

/** Negative where `a` comes before `b`. Both are keys of one order. */
export function compareKeys({ isDescending }: Order, a: Key, b: Key): number {
  const order =
    typeof a === 'string' || typeof b === 'string' ? comparePaths(`${a}`, `${b}`) : a < b ? -1 : Number(a > b);
  return isDescending ? -order : order;
}
