import type { TransportSettings } from '../../core/backend.ts';
import type { Bytes, Range } from '../../core/bytes.ts';
import type { Call } from '../../core/remote.ts';
import { resumedRead } from '../http/resume.ts';
import { existingFile, type Store } from './store.ts';

export interface ReadOptions {
  readonly range?: Range | undefined;
  readonly call?: Call | undefined;
  /** Sees the headers of the answer before the first byte. */
  onOpen?(headers: Readonly<Record<string, string>>): void;
}

/** The bytes of an object, or of a range of it. */
export async function* readFile(
  store: Store,
  settings: TransportSettings,
  path: string,
  { range, call, onOpen }: ReadOptions,
): Bytes {
  const { bucket, key } = existingFile(store, path);
  const task = { doing: 'read', path, signal: call?.signal };
  yield* resumedRead(settings, store.report, {
    path,
    range,
    ...(onOpen && { onOpen }),
    signal: call?.signal,
    open: (headers) =>
      store.api.retry(task, () =>
        store.api.attempt(
          {
            method: 'GET',
            bucket,
            key,
            headers: { ...store.headers.content, ...headers },
            accepts: rangeNotSatisfiable,
          },
          task,
        ),
      ),
  });
}

const rangeNotSatisfiable = 416;
