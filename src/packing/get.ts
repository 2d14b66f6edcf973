import { join } from 'node:path';
import type { Bytes } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { nowInNanoseconds } from '../core/now.ts';
import type { Location } from '../core/remote.ts';
import { counted } from '../transfer/counted.ts';
import { placeName } from '../transfer/place.ts';
import { expectTransfer, startFlight } from '../transfer/progress.ts';
import { mayChange, type Session } from '../transfer/session.ts';
import type { Ameta } from './ameta.ts';
import { writeDiskFile } from './disk-write.ts';
import { listedFiles } from './file-listing.ts';
import { inHiddenFolder } from './hidden-folder.ts';
import { memberPath } from './member-path.ts';
import { moveIn, moveToNew, requireFree } from './move-in.ts';
import { type Packing, parseObjectName } from './object-name.ts';
import { namesIn, onDisk } from './on-disk.ts';
import { isOfReplacement } from './replaced.ts';
import { type Keys, openSealed } from './seal.ts';
import { readDescription } from './sealed-ameta.ts';
import { finishFolders, unpack } from './unpack.ts';
import { decompress } from './zstd.ts';

/** One object that becomes a file or what its archive holds. */
export interface GetRequest {
  readonly from: Location;
  /** What the store says of it. */
  readonly entry: FileEntry;
  /** Where it goes, absolute; made where it is missing. */
  readonly folder: string;
  /** What it is to be called there; null leaves the name that the object tells. */
  readonly name: string | null;
  /** The one member of an archive that is wanted; '' for all. */
  readonly member: string;
  /** Leaves the object as it is: sealed, compressed, packed. */
  readonly asIs: boolean;
  /** Whether links that lead out of their folder are made. */
  readonly outsideLinks: boolean;
  readonly keys: Keys;
}

/** Gets it; what it became stands there whole and proven, or nothing does. Returns where it is, or null when a dry run or
 *  the user says no. Throws Failure('exists') where something is in the way, and what opening and unpacking throw. */
export async function getObject(session: Session, request: GetRequest): Promise<string | null> {
  const { from, entry, folder, member, asIs } = request;
  const told = parseObjectName(from.path);
  const packing = asIs ? { isArchive: false, isCompressed: false, seal: null } : told;
  const name = request.name ?? (asIs ? from.path.slice(from.path.lastIndexOf('/') + 1) : told.name);
  if (member !== '' && !packing.isArchive) {
    throw new Failure('usage', `${placeName(from)} is not an archive: --file is for archives only`, {
      path: from.path,
    });
  }
  const target = join(folder, memberPath(name));
  if (member === '') await requireFree(target);
  if (!(await mayChange(session, 'get', placeName(from), entry.size))) return null;
  const plain = (): Bytes => opened(session, packing, request);
  await inHiddenFolder(folder, name, session.report, async (hidden) => {
    if (packing.isArchive) return unpackInto(session, request, plain(), hidden);
    await onDisk(target, () => writeFile(session, packing, request, plain(), join(hidden, 'file')));
    await moveToNew(join(hidden, 'file'), target);
  });
  session.progress.transfers++;
  return packing.isArchive && request.name === null ? folder : target;
}

async function* opened(session: Session, packing: Packing, { from, entry, keys }: GetRequest): Bytes {
  const { signal, progress } = session;
  expectTransfer(progress, entry.size);
  const flight = startFlight(progress, from.path, entry.size);
  try {
    const sealed = counted(from.remote.read(from.path, undefined, { signal }), (length) => {
      flight.done += length;
      progress.bytes += length;
    });
    const plain = openSealed(packing.seal, sealed, keys, placeName(from));
    yield* packing.isCompressed ? decompress(plain, signal, placeName(from)) : plain;
  } finally {
    progress.inFlight.delete(flight);
  }
}

async function unpackInto(session: Session, request: GetRequest, archive: Bytes, hidden: string): Promise<void> {
  const { from, folder, name, outsideLinks } = request;
  const member = memberPath(request.member);
  const unpacked = await named(placeName(from), () =>
    unpack(archive, hidden, { member, folder: join(folder, name ?? ''), outsideLinks, signal: session.signal }),
  );
  if (unpacked.count === 0) session.report.notice(placeName(from), 'the archive is empty');
  if (name === null) {
    await moveIn(hidden, folder, unpacked);
    await finishFolders(folder, unpacked.folders);
    return;
  }
  const [only, ...others] = await namesIn(hidden);
  if (only === undefined || others.length > 0) {
    throw new Failure(
      'usage',
      `${placeName(from)} holds ${others.length + 1} things at its top, which cannot all be ${name}`,
    );
  }
  await moveToNew(join(hidden, only), join(folder, name));
  const renamed = [...unpacked.folders].map(([path, entry]) => [path.replace(/^[^/]+/, () => name), entry] as const);
  await finishFolders(folder, new Map(renamed));
}

async function writeFile(
  session: Session,
  packing: Packing,
  { from, entry, keys }: GetRequest,
  bytes: Bytes,
  path: string,
): Promise<void> {
  let size = 0;
  const data = counted(bytes, (length) => {
    size += length;
  });
  const modified = entry.modified ?? nowInNanoseconds();
  await writeDiskFile(path, { mode: 0o666, modified, extents: null, size: 0 }, data);
  if (packing.seal === 'c4gh' && !packing.isCompressed) {
    const { ameta, closed } = await readDescription(from, keys, session.signal);
    if (closed !== null) {
      session.report.notice(placeName(from), `its description does not open, so its size is not checked: ${closed}`);
    }
    requireSize(placeName(from), size, ameta);
  }
}

/** Crypt4GH does not tell where a file ends: one that lost its last chunks opens. What describes it knows its size. */
function requireSize(path: string, size: number, ameta: Ameta | null): void {
  const files = ameta === null || isOfReplacement(ameta) ? [] : listedFiles(ameta.listing);
  const [only] = files;
  if (files.length !== 1 || only === undefined || only.size === size) return;
  const message = `${path}: it opens to ${size} bytes where ${only.size} were put: it was cut or replaced`;
  throw new Failure('corrupt', message, { path });
}

/** Names the object where its archive is at fault. */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfArchive = isFailure(error, 'corrupt', 'denied', 'unsupported', 'not-found');
    if (!isOfArchive || error.message.startsWith(path)) throw error;
    throw new Failure(error.kind, `${path}: ${error.message}`, { path, cause: error });
  }
}
