import { addVersion, versionOf } from '../../../formats/versioned-name.ts';
import type { ObjectVersion } from './listing.ts';

/** A version under the key that it is shown by. */
export interface Shown {
  readonly key: string;
  readonly version: ObjectVersion;
}

/** What is shown of the pages of one listing, which are given in turn. */
export type View = (versions: readonly ObjectVersion[]) => readonly Shown[];

/** Every version: the one that stands there now by its key, older ones by a key that tells when they were stored. */
export function everyVersion(): View {
  return (versions) => versions.filter(({ isDeleteMarker }) => !isDeleteMarker).map(underOwnKey);
}

/** The objects that stood there at a time, in milliseconds since 1970. */
export function stateAt(time: number): View {
  // The versions of a key may go on on the next page.
  let settled: ReadonlyMap<string, ObjectVersion> = new Map();
  return (versions) => {
    const newest = newestOf(versions.filter(({ stored }) => stored <= time));
    const shown: Shown[] = [];
    for (const [key, version] of newest) if (!version.isDeleteMarker && !settled.has(key)) shown.push({ key, version });
    settled = newest;
    return shown;
  };
}

function underOwnKey(version: ObjectVersion): Shown {
  const { key, isLatest, stored } = version;
  return { key: isLatest ? key : addVersion(key, versionOf(stored)), version };
}

/** Of each key. */
function newestOf(versions: readonly ObjectVersion[]): ReadonlyMap<string, ObjectVersion> {
  const newest = new Map<string, ObjectVersion>();
  for (const version of versions) {
    const other = newest.get(version.key);
    // Of two with one time the store lists the newer one first.
    if (!other || version.stored > other.stored) newest.set(version.key, version);
  }
  return newest;
}
