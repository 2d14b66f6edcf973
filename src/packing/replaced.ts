import { collect, sourceOf } from '../core/bytes.ts';
import { messageOf, unlessAbsent } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { placeName } from '../transfer/place.ts';
import type { Session } from '../transfer/session.ts';
import type { Ameta } from './ameta.ts';
import { longestAmeta } from './sealed-ameta.ts';

// As the Allas tools write a line that is no file's.
const mark = 'Being replaced';

/** A description of an object that is about to stand in another's place: it tells no size. */
export function ofReplacement(ameta: Ameta): Ameta {
  return { ...ameta, listing: [...ameta.listing, mark] };
}

export function isOfReplacement({ listing }: Ameta): boolean {
  return listing.includes(mark);
}

/** Runs `replace`, which puts an object in another's place, while `meanwhile` stands at `description`, or nothing where that
 *  is null: should this process be killed, no description tells the size of the other of the two. A failure puts the old
 *  description back. */
export async function replaceDescribed<T>(
  { report, signal }: Session,
  { remote, path }: Location,
  meanwhile: () => Promise<Uint8Array | null>,
  replace: () => Promise<T>,
): Promise<T> {
  const found = await unlessAbsent(remote.stat(path, { signal }));
  if (!found || found.size > longestAmeta) return replace();
  const old = await collect(remote.read(path, undefined, { signal }));
  const info = found.modified === null ? {} : { modified: found.modified };
  const bytes = await meanwhile();
  if (bytes) await remote.write(path, sourceOf(bytes), info, { signal });
  else await remote.remove(path, { signal });
  try {
    return await replace();
  } catch (error) {
    try {
      // Without the signal: what was cancelled must be put back, too.
      await remote.write(path, sourceOf(old), info);
    } catch (fault) {
      report.error(placeName({ remote, path }), `cannot put the description back: ${messageOf(fault)}`);
    }
    throw error;
  }
}
