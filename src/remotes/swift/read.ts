import { createHash } from 'node:crypto';
import type { Bytes, Range } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { Call, OpenedFile } from '../../core/remote.ts';
import { openedFile } from '../http/opened-file.ts';
import { type ResumableRead, resumedRead } from '../http/resume.ts';
import { statedSize } from '../http/stated-size.ts';
import { describe, fileEntry, type Headers, type ObjectInfo } from './object.ts';
import { dynamicSize } from './segment-names.ts';
import type { Store } from './store.ts';
import { fileTarget } from './target.ts';

/** A file's bytes. Those of a file that is read without a range are checked against the store's MD5, as rclone does:
 *  Failure('corrupt') at the end. */
export async function* readFile(store: Store, path: string, range?: Range, call?: Call): Bytes {
  let md5: string | undefined;
  const bytes = readBytes(store, path, range, call, (headers) => {
    const info = describeWhole(headers, path);
    if (range === undefined && info.layout === 'plain') md5 = info.etag;
  });
  const hash = range === undefined ? createHash('md5') : null;
  for await (const piece of bytes) {
    if (md5 !== undefined) hash?.update(piece);
    yield piece;
  }
  if (hash === null || md5 === undefined || hash.digest('hex') === md5) return;
  throw new Failure('corrupt', `${path}: the bytes do not fit the MD5 that the store keeps`, { path, retryable: true });
}

/** A file with its bytes, unchecked. */
export async function openFile(store: Store, path: string, call?: Call): Promise<OpenedFile> {
  return openedFile(store.settings, store.report, reading(store, path, call), (headers) =>
    fileEntry(store, path, describeWhole(headers, path), call),
  );
}

/** As `describe`. Throws Failure('corrupt') for a dynamic large object that a listing shows in part: one that lags behind, or
 *  whose segments go as another takes its place. */
function describeWhole(headers: Headers, path: string): ObjectInfo {
  const info = describe(headers, path);
  const whole = info.layout === 'dynamic' ? dynamicSize(info) : null;
  const { 'content-range': part, 'content-length': length } = headers;
  const shown = statedSize(part === undefined ? length : part.slice(part.lastIndexOf('/') + 1));
  if (whole === null || shown < 0 || shown === whole) return info;
  throw new Failure('corrupt', `${path}: the store shows segments with ${shown} of its ${whole} bytes`, {
    path,
    retryable: true,
  });
}

/** `onOpen` sees the headers of the answer before the first byte. */
export function readBytes(
  store: Store,
  path: string,
  range: Range | undefined,
  call: Call | undefined,
  onOpen: (headers: Headers) => void,
): Bytes {
  return resumedRead(store.settings, store.report, { ...reading(store, path, call), range, onOpen });
}

function reading(store: Store, path: string, call: Call | undefined): ResumableRead {
  const target = fileTarget(store.encoder, path);
  const signal = call?.signal;
  return {
    path,
    signal,
    open: (conditions) => {
      const headers = { ...store.settings.headers.download, ...conditions };
      return store.service.send({ method: 'GET', target, path, headers, signal, accept: [416] });
    },
  };
}
