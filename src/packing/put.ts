import { type Bytes, sourceOf } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isAbsence, isFailure, unlessAbsent } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { archiveSize, writeTar } from '../formats/tar/write.ts';
import { placeName } from '../transfer/place.ts';
import { mayChange, type Session } from '../transfer/session.ts';
import type { Ameta } from './ameta.ts';
import { collect, type Item } from './collect.ts';
import { readDiskFile } from './disk-file.ts';
import { ametaSuffix, type Packing } from './object-name.ts';
import { ofReplacement, replaceDescribed } from './replaced.ts';
import { type Seal, sealWith } from './seal.ts';
import { ametaBytes } from './sealed-ameta.ts';
import { send } from './send.ts';
import { compress, compressedBound } from './zstd.ts';

/** One file or folder that becomes one object. */
export interface PutRequest {
  /** Absolute. */
  readonly disk: string;
  /** The object. */
  readonly to: Location;
  readonly packing: Packing;
  readonly seal: Seal | null;
  readonly override: boolean;
  readonly followLinks: boolean;
  /** What describes it; null where nothing does. */
  readonly ameta: { readonly seal: Seal | null; of(items: readonly Item[]): Ameta } | null;
}

/** Stores it and what describes it. Null when a dry run or the user says no.
 *  Throws Failure('exists') where an object stands that may not be replaced, 'changed' when somebody writes to a file
 *  while it is read: the old object stands then, if there was one. */
export async function putObject(session: Session, request: PutRequest): Promise<FileEntry | null> {
  const { to, packing, ameta } = request;
  const isNew = await requireFreeObject(session, request);
  if (!(await mayChange(session, 'put', placeName(to)))) return null;
  const { report, signal } = session;
  const options = { followLinks: request.followLinks, findHoles: packing.isArchive, report, signal };
  const items = await collect(request.disk, options);
  const [top] = items;
  if (!top) throw new Failure('usage', `${request.disk} is not a file or folder`, { path: request.disk });
  const plainSize = packing.isArchive ? archiveSize(items.map(({ entry }) => entry)) : top.entry.size;
  const make = () => {
    const bytes = packing.isArchive ? archive(items, signal) : fileOf(top, signal);
    const plain = packing.isCompressed
      ? { bytes: compress(bytes, signal), size: null, atMost: compressedBound(plainSize) }
      : { bytes, size: plainSize };
    return sealWith(request.seal, plain);
  };
  const expected = packing.isCompressed ? -1 : plainSize;
  const description = { remote: to.remote, path: `${to.path}${ametaSuffix}` };
  const store = () => send(session, to, make, { modified: top.entry.modified, isNew, expected });
  const meanwhile = async () => ameta && ametaBytes(ofReplacement(ameta.of(items)), ameta.seal);
  const isSizeTold = request.seal?.kind === 'c4gh' && !packing.isArchive && !packing.isCompressed;
  const written = isSizeTold && !isNew ? await replaceDescribed(session, description, meanwhile, store) : await store();
  if (ameta) {
    const data = await ametaBytes(ameta.of(items), ameta.seal);
    const source = sourceOf(data);
    await send(session, description, () => ({ bytes: source.open(), size: data.length }), {
      modified: top.entry.modified,
      isNew,
      expected: data.length,
    });
  } else if (!isNew) {
    // What described the object that was replaced.
    await unlessAbsent(to.remote.remove(description.path, { signal }));
  }
  return written;
}

/** Whether nothing stands where the object goes. Throws Failure('exists') where something does that must not be replaced. */
export async function requireFreeObject(
  { signal }: Pick<Session, 'signal'>,
  { to, override }: Pick<PutRequest, 'to' | 'override'>,
): Promise<boolean> {
  try {
    await to.remote.stat(to.path, { signal });
  } catch (error) {
    if (isAbsence(error)) return true;
    if (!isFailure(error, 'is-folder')) throw error;
    if (to.remote.features.buckets) return true;
    throw error;
  }
  if (override) return false;
  const message = `${placeName(to)} exists already: --override replaces it, --object or --bucket names another`;
  throw new Failure('exists', message, { path: to.path });
}

function archive(items: readonly Item[], signal: AbortSignal): Bytes {
  return writeTar(
    items.map(({ entry, file }) => ({ entry, data: () => (file ? readDiskFile(file, signal) : nothing()) })),
  );
}

async function* nothing(): Bytes {}

function fileOf({ file, disk }: Item, signal: AbortSignal): Bytes {
  if (!file) throw new Failure('is-folder', `${disk} is not a file`, { path: disk });
  return readDiskFile(file, signal);
}
