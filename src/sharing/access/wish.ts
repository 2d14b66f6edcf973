import type { AccessChange, Rights } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';

/** What a user asks of a bucket, in a-access's words. */
export interface AccessWish {
  /** As written: `allas:data`. */
  readonly bucket: string;
  /** By projects as written. Null where nothing is to be changed. */
  readonly change: AccessChange | null;
}

/** Rights by the word that gives (`+`) or takes (`-`) them. */
const rightsOf: ReadonlyMap<string, readonly (keyof Rights)[]> = new Map<string, readonly (keyof Rights)[]>([
  ['r', ['read']],
  ['read', ['read']],
  ['w', ['write']],
  ['write', ['write']],
  ['rw', ['read', 'write']],
  ['wr', ['read', 'write']],
  ['read-write', ['read', 'write']],
]);
const publicWords = ['p', 'public'];

/** Those of the words that a command line could take for flags. */
export const dashWords: readonly string[] = [...rightsOf.keys(), ...publicWords].map((word) => `-${word}`);

/** Reads `+r PROJECT… -w PROJECT… BUCKET`; the bucket may stand first. Throws Failure('usage'). */
export function readWish(words: readonly string[]): AccessWish {
  const stranger = words.find((word) => word.startsWith('+') && !isOrder(word));
  if (stranger !== undefined) throw unexpected(stranger);
  const isBucketFirst = words.length > 0 && !isOrder(words[0]);
  const bucket = isBucketFirst ? words[0] : words.at(-1);
  if (bucket === undefined || isOrder(bucket)) throw new Failure('usage', 'name the bucket, as allas:mybucket');
  const rest = isBucketFirst ? words.slice(1) : words.slice(0, -1);
  const misplaced =
    isBucketFirst || bucket.includes(':') ? undefined : rest.find((word) => !isOrder(word) && /[^:]:[^*:]/.test(word));
  if (misplaced !== undefined) {
    throw new Failure('usage', `"${bucket}" names no remote: the bucket, ${misplaced}, comes after the projects`);
  }
  return { bucket, change: rest.length === 0 ? null : readChange(rest) };
}

function readChange(words: readonly string[]): AccessChange {
  const projects = new Map<string, Partial<Rights>>();
  let isPublic: boolean | undefined;
  for (let offset = 0; offset < words.length; ) {
    const order = words[offset] ?? '';
    const named = upToOrder(words, offset + 1);
    const isGiven = order.startsWith('+');
    const rights = rightsOf.get(order.slice(1));
    if (!isOrder(order)) throw unexpected(order);
    if (rights && named.length === 0) throw new Failure('usage', `${order} for whom? Name a project after it`);
    if (!rights && named.length > 0) throw unexpected(named[0] ?? '');
    if (!rights) isPublic = isGiven;
    for (const who of named.map(checkedName)) {
      const added = Object.fromEntries((rights ?? []).map((right) => [right, isGiven]));
      projects.set(who, { ...projects.get(who), ...added });
    }
    offset += 1 + named.length;
  }
  return { projects, ...(isPublic !== undefined && { isPublic }) };
}

function upToOrder(words: readonly string[], start: number): readonly string[] {
  const end = words.findIndex((word, index) => index >= start && isOrder(word));
  return words.slice(start, end === -1 ? undefined : end);
}

function isOrder(word: string | undefined): boolean {
  if (!word?.startsWith('+') && !word?.startsWith('-')) return false;
  return rightsOf.has(word.slice(1)) || publicWords.includes(word.slice(1));
}

/** A project's name stands between commas in an ACL: it must not say more there. Throws Failure('usage'). */
export function checkedName(text: string): string {
  const name = text.replace(/:\*$/, '');
  if (name !== '' && name !== '*' && !/[\s,"\p{Cc}]/u.test(name) && !/^[.+-]/.test(name)) return name;
  throw new Failure('usage', `"${text}" is not a project: give its name or its id`);
}

function unexpected(word: string): Failure {
  return new Failure('usage', `found "${word}" instead of +r, +w, +rw, -r, -w, -rw, +p or -p`);
}
