import type { TransportSettings } from '../../../core/backend.ts';
import type { Nanoseconds } from '../../../core/entry.ts';
import { Failure } from '../../../core/failure.ts';
import type { Remote } from '../../../core/remote.ts';
import { existingFile, type Store } from '../store.ts';
import { createKnownPlaces } from './known-places.ts';
import { lookUp } from './look-up.ts';
import { createReading } from './reading.ts';
import { stateAt } from './shown.ts';

/** A remote that shows its buckets as they were at a time. Nothing in it can be changed. */
export function createStateRemote(store: Store, settings: TransportSettings, base: Remote, at: Nanoseconds): Remote {
  const time = Number(at) / 1e6;
  const view = () => stateAt(time);
  const known = createKnownPlaces();

  async function refuse(path: string): Promise<never> {
    const message = `cannot change ${path}: with version_at, files are shown as they were, and can only be read`;
    throw new Failure('denied', message, { path });
  }

  return {
    ...base,
    ...createReading(store, {
      settings,
      view,
      known,
      async find(path, call) {
        const target = existingFile(store, path);
        const sought = { target, view: view(), shownKey: target.key };
        const place = known.get(target) ?? (await lookUp(store, sought, path, call?.signal));
        if (place) return place;
        throw new Failure('not-found', `cannot look up ${path}: it did not exist at that time`, { path });
      },
    }),
    write: refuse,
    remove: refuse,
    makeDir: refuse,
    removeDir: refuse,
    setModified: refuse,
    setAttributes: refuse,
    copy: (_from, to) => refuse(to),
    replaceStart: refuse,
    purge: refuse,
  };
}
