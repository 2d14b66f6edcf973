import { type Awaitable, whenEnded } from '../../core/awaitable.ts';
import { linkSuffix } from '../../remotes/local/links.ts';
import type { FileNode, FolderNode } from './node.ts';

/** A name in a folder. */
export interface Place {
  readonly folder: FolderNode;
  readonly name: string;
}

/** Lets work that needs names where they are run side by side, but not while one of those names, or a folder on the way to it,
 *  is moved or removed. What would wait for each other runs in the order that it came. */
export interface Naming {
  /** For what makes, opens or removes the file of that name, or asks the remote about it. */
  atName<T>(place: Place | FileNode, work: () => Promise<T>): Promise<T>;
  atName<T>(place: Place | FileNode, work: () => Awaitable<T>): Awaitable<T>;
  /** For what lists the folder: what is found while a name in it or below it is moved would say nothing. */
  listing<T>(folder: FolderNode, work: () => Promise<T>): Promise<T>;
  /** For what takes folders or files from their places, or to them: one at a time. */
  moving<T>(places: readonly Place[], work: () => Promise<T>): Promise<T>;
  /** Whether a listing of the folder would have to wait for that. */
  keepsFromListing(folder: FolderNode): boolean;
}

/** What is done to names. */
interface Use {
  /** What leaves its place, or comes to it. */
  readonly moved?: readonly Place[];
  readonly at?: Place | FileNode;
  readonly listed?: FolderNode;
}

/** A use that has begun, or waits for its turn. */
interface Claim {
  readonly use: Use;
  ended: Promise<void> | null;
  end: (() => void) | null;
}

export function createNaming(): Naming {
  // In the order that they came.
  const claims = new Set<Claim>();
  let moves = 0;

  function run<T>(use: Use, work: () => Promise<T>): Promise<T>;
  function run<T>(use: Use, work: () => Awaitable<T>): Awaitable<T>;
  function run<T>(use: Use, work: () => Awaitable<T>): Awaitable<T> {
    const claim: Claim = { use, ended: null, end: null };
    const held = (): Awaitable<T> => whenEnded(work, () => leave(claim));
    claims.add(claim);
    if (use.moved) moves++;
    return moves === 0 ? held() : turnOf(claim).then(held);
  }

  function leave(claim: Claim): void {
    claims.delete(claim);
    if (claim.use.moved) moves--;
    claim.end?.();
  }

  /** A move may have put one use in the way of another, so all that came before are looked at each time. */
  async function turnOf(claim: Claim): Promise<void> {
    for (let before = blockerOf(claim); before; before = blockerOf(claim)) await endOf(before);
  }

  function blockerOf(claim: Claim): Claim | null {
    for (const other of claims) {
      if (other === claim) return null;
      if (excludeEachOther(claim.use, other.use)) return other;
    }
    return null;
  }

  function atName<T>(at: Place | FileNode, work: () => Promise<T>): Promise<T>;
  function atName<T>(at: Place | FileNode, work: () => Awaitable<T>): Awaitable<T>;
  function atName<T>(at: Place | FileNode, work: () => Awaitable<T>): Awaitable<T> {
    return run({ at }, work);
  }

  return {
    atName,
    listing: (listed, work) => run({ listed }, work),
    moving: (moved, work) => run({ moved }, work),
    keepsFromListing: (folder) =>
      moves > 0 && [...claims].some(({ use }) => use.moved?.some((place) => isListed(folder, place))),
  };
}

function endOf(claim: Claim): Promise<void> {
  claim.ended ??= new Promise((resolve) => {
    claim.end = resolve;
  });
  return claim.ended;
}

function excludeEachOther(one: Use, other: Use): boolean {
  if (one.moved && other.moved) return true;
  const [moved = [], use] = one.moved ? [one.moved, other] : [other.moved, one];
  return moved.some((place) => isInTheWay(place, use));
}

function isInTheWay(moved: Place, { at, listed }: Use): boolean {
  if (listed) return isListed(listed, moved);
  const folder = at && ('folder' in at ? at.folder : at.parent);
  // What has been removed is at no place.
  if (!at || !folder) return false;
  return isBelow(folder, moved) || (folder === moved.folder && areOne(at.name, moved.name));
}

function isListed(folder: FolderNode, moved: Place): boolean {
  return isBelow(folder, moved) || isAtOrAbove(folder, moved.folder);
}

/** Whether a folder is what stands at a place, or is in it. */
function isBelow(folder: FolderNode, place: Place): boolean {
  for (let at = folder; at.parent; at = at.parent) {
    if (at.parent === place.folder && at.name === place.name) return true;
  }
  return false;
}

function isAtOrAbove(folder: FolderNode, other: FolderNode): boolean {
  for (let at: FolderNode | null = other; at; at = at.parent) if (at === folder) return true;
  return false;
}

/** A symlink and its text file have one place on the remote. */
function areOne(one: string, other: string): boolean {
  return one === other || one === other + linkSuffix || one + linkSuffix === other;
}
