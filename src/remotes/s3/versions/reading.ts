import type { TransportSettings } from '../../../core/backend.ts';
import type { Call, Remote } from '../../../core/remote.ts';
import { listFolder, walkFolder } from '../folders.ts';
import { linkFile } from '../link.ts';
import type { Pages } from '../listing.ts';
import { openFile, readFile } from '../read.ts';
import { statFile } from '../stat.ts';
import type { Place, Store } from '../store.ts';
import type { KnownPlaces } from './known-places.ts';
import { heldBack, listVersions } from './listing.ts';
import type { View } from './shown.ts';

export interface Viewing {
  readonly settings: TransportSettings;
  /** Begins a listing. */
  view(): View;
  /** Gets what listings show. */
  readonly known: KnownPlaces;
  /** Where the file at a path stands. Throws Failure('not-found'), or leaves that to the request about it. */
  find(path: string, call: Call | undefined): Promise<Place>;
}

/** The methods of a remote that only read, of a bucket whose versions are looked at. */
export function createReading(
  store: Store,
  { settings, view, known, find }: Viewing,
): Pick<Remote, 'list' | 'stat' | 'read'> & Required<Pick<Remote, 'walk' | 'open' | 'hash' | 'link'>> {
  const pages = shownPages(view, known);
  const stat = async (path: string, call?: Call) => statFile(store, path, call, await find(path, call));
  return {
    list: (dir, call) => listFolder(store, dir, call, pages),
    walk: (dir, call) => walkFolder(store, dir, call, pages),
    stat,
    async *read(path, range, call) {
      yield* readFile(store, settings, path, { range, call, place: await find(path, call) });
    },
    open: async (path, call) => openFile(store, settings, path, call, await find(path, call)),
    link: async (path, life, call) => linkFile(store, path, life, call, await find(path, call)),
    async hash(path, type, call) {
      const { hashes } = await stat(path, call);
      return hashes?.[type] ?? null;
    },
  };
}

function shownPages(view: () => View, known: KnownPlaces): Pages {
  return async function* (store, query, task) {
    const show = view();
    for await (const { objects, prefixes } of heldBack(listVersions(store, query, task))) {
      const shown = show(objects);
      known.add(query.bucket, shown);
      yield { objects: shown.map(({ key, version }) => ({ ...version, key })), prefixes };
    }
  };
}
