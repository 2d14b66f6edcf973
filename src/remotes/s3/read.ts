import type { TransportSettings } from '../../core/backend.ts';
import type { Bytes, Range } from '../../core/bytes.ts';
import type { Call, OpenedFile } from '../../core/remote.ts';
import { openedFile } from '../http/opened-file.ts';
import { type ResumableRead, resumedRead } from '../http/resume.ts';
import { requireObject } from '../http/tag.ts';
import { entryOf } from './object.ts';
import { existingFile, type Place, type Store } from './store.ts';

export interface ReadOptions {
  readonly range?: Range | undefined;
  readonly call?: Call | undefined;
  /** Where the path leads. */
  readonly place?: Place;
  /** Sees the headers of the answer before the first byte. */
  onOpen?(headers: Readonly<Record<string, string>>): void;
}

/** The bytes of an object, or of a range of it. */
export async function* readFile(
  store: Store,
  settings: TransportSettings,
  path: string,
  { range, call, place, onOpen }: ReadOptions,
): Bytes {
  const read = reading(store, path, call, place);
  yield* resumedRead(settings, store.report, { ...read, range, ...(onOpen && { onOpen }) });
}

/** An object with its bytes. */
export async function openFile(
  store: Store,
  settings: TransportSettings,
  path: string,
  call?: Call,
  place?: Place,
): Promise<OpenedFile> {
  return openedFile(settings, store.report, reading(store, path, call, place), (headers) => {
    requireObject(headers, path);
    return entryOf(store, path, headers, call);
  });
}

/** Throws Failure('is-folder') for a bucket. */
function reading(store: Store, path: string, call: Call | undefined, place?: Place): ResumableRead {
  const { bucket, key, query }: Place = place ?? existingFile(store, path);
  const task = { doing: 'read', path, signal: call?.signal };
  const accepts = rangeNotSatisfiable;
  return {
    path,
    signal: call?.signal,
    open: (conditions) => {
      const headers = { ...store.headers.download, ...conditions };
      return store.api.retry(task, () =>
        store.api.attempt({ method: 'GET', bucket, key, query, headers, accepts }, task),
      );
    },
  };
}

const rangeNotSatisfiable = 416;
