import type { TransportSettings } from '../../core/backend.ts';
import type { Remote } from '../../core/remote.ts';
import { controlOf } from './access.ts';
import { cleanUp } from './clean-up.ts';
import { changeMetadata, copyFile } from './copy.ts';
import { listFolder, makeFolder, walkFolder } from './folders.ts';
import { linkFile } from './link.ts';
import { attributeRoom, withAttributes, withModified } from './object.ts';
import { openFile, readFile } from './read.ts';
import { purgeFolder, removeFile, removeFolder } from './remove.ts';
import { replaceStart } from './replace-start.ts';
import { statFile } from './stat.ts';
import { requireShort, type Store, targetOf } from './store.ts';
import { writeFile } from './write.ts';

export type S3Remote = Remote & Required<Pick<Remote, 'setModified' | 'setAttributes' | 'replaceStart'>>;

/** An open S3 service as a remote: the first segment of a path is the bucket. `close` ends its connections. */
export function createS3Remote(store: Store, settings: TransportSettings, close: () => Promise<void>): S3Remote {
  const remote: S3Remote = {
    label: store.label,
    features: {
      hashes: ['md5'],
      slowHashes: false,
      modifiedPrecision: 1n,
      listsModified: store.usesServerTimes,
      listsMimeTypes: false,
      emptyFolders: store.options.directory_markers,
      buckets: true,
      metadata: true,
    },
    list: (dir, call) => listFolder(store, dir, call),
    walk: (dir, call) => walkFolder(store, dir, call),
    stat: (path, call) => statFile(store, path, call),
    read: (path, range, call) => readFile(store, settings, path, { range, call }),
    open: (path, call) => openFile(store, settings, path, call),
    write: (path, source, info, call) => writeFile(store, path, source, info, call),
    remove: (path, call) => removeFile(store, path, call),
    makeDir: (path, call) => makeFolder(store, path, call),
    checkPath: async (path) => requireShort(targetOf(store, path), path),
    removeDir: (path, call) => removeFolder(store, path, call),
    async hash(path, type, call) {
      const { hashes } = await statFile(store, path, call);
      return hashes?.[type] ?? null;
    },
    setModified: (path, modified, call) =>
      changeMetadata(store, path, 'set the modification time of', (kept) => withModified(kept, modified), call),
    attributeRoom: async () => attributeRoom,
    setAttributes: (path, attributes, call) =>
      changeMetadata(store, path, 'set the attributes of', (kept) => withAttributes(kept, attributes), call),
    copy: (from, to, call) => copyFile(store, from, to, call),
    replaceStart: (path, start, call) => replaceStart(store, settings, path, start, call),
    purge: (dir, call) => purgeFolder(store, dir, call),
    cleanUp: (dir, age, call) => cleanUp(store, dir, age, call),
    link: (path, life, call) => linkFile(store, path, life, call),
    access: (path) => controlOf(store, remote, path),
    [Symbol.asyncDispose]: close,
  };
  return remote;
}
