import type { TransportSettings } from '../../../core/backend.ts';
import { Failure } from '../../../core/failure.ts';
import type { Call, Remote } from '../../../core/remote.ts';
import { splitVersion } from '../../../formats/versioned-name.ts';
import { copyFile } from '../copy.ts';
import type { S3Remote } from '../remote.ts';
import { removeFile } from '../remove.ts';
import { existingFile, type Place, type Store, type Target, targetOf } from '../store.ts';
import { createKnownPlaces } from './known-places.ts';
import { lookUp } from './look-up.ts';
import { createReading } from './reading.ts';
import { everyVersion } from './shown.ts';

/** A remote that shows old versions as files of their own. They can be read, copied and removed for good. */
export function createVersionsRemote(store: Store, settings: TransportSettings, base: S3Remote): Remote {
  const known = createKnownPlaces();

  /** Null where the name is not that of an old version: a file may have been stored under such a name. */
  async function oldVersion(target: Target, path: string, call: Call | undefined): Promise<Place | null> {
    const { name, version } = splitVersion(target.key);
    if (version === '') return null;
    const listed = known.get(target);
    if (listed) return listed.key === name ? listed : null;
    const sought = { target: { bucket: target.bucket, key: name }, view: everyVersion(), shownKey: target.key };
    return lookUp(store, sought, path, call?.signal);
  }

  async function find(path: string, call: Call | undefined): Promise<Place> {
    const target = existingFile(store, path);
    return (await oldVersion(target, path, call)) ?? target;
  }

  /** Throws Failure('denied') for the name of an old version. */
  async function change<T>(path: string, call: Call | undefined, work: () => Promise<T>): Promise<T> {
    const target = targetOf(store, path);
    if (await oldVersion(target, path, call)) {
      const message = `cannot change ${path}: with versions, this names an old version: copy that to another name instead`;
      throw new Failure('denied', message, { path });
    }
    try {
      return await work();
    } finally {
      known.forget(target);
    }
  }

  return {
    ...base,
    ...createReading(store, { settings, view: everyVersion, known, find }),
    write: (path, source, info, call) => change(path, call, () => base.write(path, source, info, call)),
    setModified: (path, modified, call) => change(path, call, () => base.setModified(path, modified, call)),
    setAttributes: (path, attributes, call) => change(path, call, () => base.setAttributes(path, attributes, call)),
    replaceStart: (path, start, call) => change(path, call, () => base.replaceStart(path, start, call)),
    copy: (from, to, call) => change(to, call, async () => copyFile(store, from, to, call, await find(from, call))),
    // As in rclone: of what a listing has shown, this very version goes; a name by itself gets a mark of deletion.
    async remove(path, call) {
      const target = existingFile(store, path);
      await removeFile(store, path, call, known.get(target) ?? (await find(path, call)));
      known.forget(target);
    },
  };
}
