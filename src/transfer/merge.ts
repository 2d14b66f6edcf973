import type { Entry } from '../core/entry.ts';
import { baseName, comparePaths, joinPath } from '../core/path.ts';
import type { Session } from './session.ts';
import { type Fold, foldsOf } from './spelling.ts';

/** One name of one folder, as it stands on both sides. */
export interface Pair {
  /** Where it stands or goes at the target. The source may spell it otherwise: `source.path`. */
  readonly path: string;
  readonly source: Entry | null;
  readonly target: Entry | null;
}

/** A folder as both sides call it. */
export interface Folder {
  /** Null where only the target has it. */
  readonly source: string | null;
  /** Where it stands or goes. */
  readonly target: string;
}

/** Pairs the entries of a folder, of which both listings are sorted, and returns them sorted by path: by their very names first,
 *  what is left over by other spellings of them. A file and a folder of one name are no pair. */
export function merge(
  session: Session,
  folder: Folder,
  sources: readonly Entry[],
  targets: readonly Entry[],
): readonly Pair[] {
  const left = withoutTwins(session, sources, 'source');
  const right = withoutTwins(session, targets, 'destination');
  let pairs: readonly Pair[] = mergeSorted(folder, left, right);
  const folds = foldsOf(session.options);
  for (const fold of folds) pairs = pairSpellings(pairs, fold);
  const widest = folds.at(-1);
  return widest ? withoutSpeltTwins(session, pairs, widest) : pairs;
}

/** Pairs what only the source has with what only the target has, file with file and folder with folder, where the names
 *  fold to one. Returns `pairs` itself where none do. */
export function pairSpellings(pairs: readonly Pair[], fold: Fold): readonly Pair[] {
  if (!pairs.some(isTargetOnly)) return pairs;
  const loose = new Map<string, Entry[]>();
  for (const { path, source, target } of pairs) {
    if (!source || target) continue;
    const key = keyOf(path, source, fold);
    const others = loose.get(key);
    if (others) others.push(source);
    else loose.set(key, [source]);
  }
  if (loose.size === 0) return pairs;
  const paired = new Set<Entry>();
  const joined = pairs.map((pair) => {
    if (!isTargetOnly(pair)) return pair;
    const source = loose.get(keyOf(pair.path, pair.target, fold))?.shift();
    if (!source) return pair;
    paired.add(source);
    return { ...pair, source };
  });
  return paired.size === 0 ? pairs : joined.filter(({ source, target }) => target || !source || !paired.has(source));
}

function mergeSorted(folder: Folder, left: readonly Entry[], right: readonly Entry[]): Pair[] {
  const pairs: Pair[] = [];
  const isSpeltAlike = folder.source === folder.target;
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i] ?? null;
    const b = right[j] ?? null;
    const place = a === null || isSpeltAlike ? a?.path : joinPath(folder.target, baseName(a.path));
    const order =
      place === undefined ? 1 : b === null ? -1 : comparePaths(place, b.path) || orderOf(a as Entry) - orderOf(b);
    if (order <= 0) i++;
    if (order >= 0) j++;
    pairs.push({
      path: (order <= 0 ? place : b?.path) as string,
      source: order <= 0 ? a : null,
      target: order >= 0 ? b : null,
    });
  }
  return pairs;
}

function isTargetOnly(pair: Pair): pair is Pair & { readonly target: Entry } {
  return pair.source === null;
}

function keyOf(path: string, { kind }: Entry, fold: Fold): string {
  return `${kind} ${fold(path)}`;
}

/** A crypt can hold two ciphertexts of one name: the first of a kind counts. */
function withoutTwins(session: Session, sorted: readonly Entry[], side: string): readonly Entry[] {
  if (!sorted.some(({ path }, index) => sorted[index - 1]?.path === path)) return sorted;
  const inOrder = sorted.toSorted((a, b) => comparePaths(a.path, b.path) || orderOf(a) - orderOf(b));
  return inOrder.filter((entry, index) => {
    const before = inOrder[index - 1];
    if (before?.path !== entry.path || before.kind !== entry.kind) return true;
    noteTwin(session, entry, side);
    return false;
  });
}

/** Of one name files come before folders. */
function orderOf({ kind }: Entry): number {
  return kind === 'file' ? 0 : 1;
}

/** Without what the target has beside the spelling that was paired: of the two only a guess could tell which one is out of
 *  date, so this one is left alone, as by rclone. */
function withoutSpeltTwins(session: Session, pairs: readonly Pair[], fold: Fold): readonly Pair[] {
  const loose = new Set<string>();
  for (const pair of pairs) if (isTargetOnly(pair)) loose.add(keyOf(pair.path, pair.target, fold));
  if (loose.size === 0) return pairs;
  const doubled = new Set<string>();
  for (const { path, source, target } of pairs) {
    if (!source || !target) continue;
    const key = keyOf(path, target, fold);
    if (loose.has(key)) doubled.add(key);
  }
  if (doubled.size === 0) return pairs;
  return pairs.filter((pair) => {
    if (!isTargetOnly(pair) || !doubled.has(keyOf(pair.path, pair.target, fold))) return true;
    noteTwin(session, pair.target, 'destination');
    return false;
  });
}

function noteTwin({ report }: Session, { kind, path }: Entry, side: string): void {
  report.notice(path, `Duplicate ${kind === 'file' ? 'object' : 'directory'} found in ${side} - ignoring`);
}
