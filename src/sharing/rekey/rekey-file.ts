import { noBytes, type Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure, isAbsence, isFailure, unlessAbsent } from '../../core/failure.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import type { Transition } from '../../remotes/crypt/as-crypt.ts';
import { copyFile } from '../../transfer/copy-file.ts';
import { sameBytes } from '../../transfer/same-bytes.ts';
import type { Session } from '../../transfer/session.ts';

export interface RekeyOptions {
  /** Reads each new file back before the old one goes. */
  readonly verifies: boolean;
}

type Pair = Pick<Transition, 'current' | 'previous'>;

const mostAttempts = 3;

/** Gives one file the new passwords: reads it under the previous ones, writes it under the new ones, looks whether all
 *  went well and only then takes the old one away. When somebody changes the file meanwhile, it begins again.
 *  Throws Failure('corrupt') for a file that does not open, which then stays as it is. */
export async function rekeyFile(
  session: Session,
  transition: Transition,
  path: string,
  options: RekeyOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (transition.isShared(path)) await replaceInPlace(session, transition, path, options);
      else await moveToCurrent(session, transition, path, options);
      return;
    } catch (error) {
      const isOvertaken = isFailure(error, 'changed') || isAbsence(error);
      if (!isOvertaken || attempt === mostAttempts) throw error;
      session.report.debug(path, `changed meanwhile, once more: ${error.message}`);
    }
  }
}

async function moveToCurrent(
  session: Session,
  { current, previous }: Transition,
  path: string,
  options: RekeyOptions,
): Promise<void> {
  const call = { signal: session.signal };
  const old = await statOrNull(previous, path, call);
  if (!old) return;
  const target = await freePlace(session, current, previous, path);
  if (target !== null) {
    const isTaken = async () => (await statOrNull(current, target, call)) !== null;
    const written = await rewrite(session, { previous, current }, old, target, { isNew: true, isLate: isTaken });
    await settle(session, { previous, current }, old, written, options);
  } else await requireSame(previous, old, call);
  await unlessAbsent(previous.remove(path, call));
}

/** Where the file goes: its own path, or another where a different one stands there already, written by somebody else
 *  under the new passwords. Null where it stands there already. */
async function freePlace(session: Session, current: Remote, previous: Remote, path: string): Promise<string | null> {
  const call = { signal: session.signal };
  for (let place = path, copies = 1; ; place = `${path}.previous-${copies++}`) {
    const found = await statOrNull(current, place, call);
    if (!found) {
      if (place !== path)
        session.report.notice(
          path,
          `another file has this name now: the one with the previous passwords becomes ${place}`,
        );
      return place;
    }
    if (await sameBytes(current.read(place, undefined, call), previous.read(path, undefined, call))) return null;
  }
}

/** Names are the same under both passwords: the new file takes the place of the old one in the moment it is whole. */
async function replaceInPlace(
  session: Session,
  { current, previous, sideOfShared }: Transition,
  path: string,
  options: RekeyOptions,
): Promise<void> {
  const call = { signal: session.signal };
  const old = await statOrNull(previous, path, call);
  if (!old || (await sideOfShared(path, call)) === 'current') return;
  const isChanged = async () => {
    const now = await statOrNull(previous, path, call);
    return now === null || !isSame(old, now);
  };
  await rewrite(session, { previous, current }, old, path, { isNew: false, isLate: isChanged });
  if (!options.verifies) return;
  let size = 0;
  for await (const piece of current.read(path, undefined, call)) size += piece.length;
  if (size !== old.size) throw new Failure('corrupt', `${path}: read back ${size} bytes of ${old.size}`, { path });
}

/** Copies the file with its time and attributes. `isLate` is asked once the last byte is under way: if it is true, the write
 *  is given up, so that what others wrote meanwhile stays. Throws Failure('changed') then, and where the old file has changed. */
async function rewrite(
  session: Session,
  { previous, current }: Pair,
  old: FileEntry,
  target: string,
  { isNew, isLate }: { readonly isNew: boolean; readonly isLate: () => Promise<boolean> },
): Promise<FileEntry> {
  // Of `old` the time is known, whatever the listings of this store carry.
  const from = topOf({ ...previous, features: { ...previous.features, listsModified: true } });
  // Those that do not open have been told of, and are lost with the passwords that they were sealed under.
  const kept = old.attributes?.length ? { attributes: old.attributes } : {};
  const to = topOf({
    ...current,
    write: (path, source, info, call) =>
      current.write(path, givenUpIf(isLate, source, path), { ...info, ...kept, isLasting: true }, call),
  });
  try {
    return await copyFile(session, { from, file: old, to, path: target, isNew });
  } catch (error) {
    if (isFailure(error, 'cancelled', 'fatal', 'changed')) throw error;
    const now = await statOrNull(previous, old.path, { signal: session.signal });
    if (now && isSame(old, now)) throw error;
    throw changed(old.path, error);
  }
}

function topOf(remote: Remote): Location {
  return { remote, path: '' };
}

function givenUpIf(isLate: () => Promise<boolean>, source: Source, path: string): Source {
  return {
    ...source,
    async *open(range) {
      yield* source.open(range);
      if (await isLate()) throw new Failure('changed', `${path}: somebody else has just written it`, { path });
    },
  };
}

/** Throws, and takes the new file away again, where it is not what was read or the old one has changed. */
async function settle(
  { signal, report }: Session,
  { previous, current }: Pair,
  old: FileEntry,
  written: FileEntry,
  { verifies }: RekeyOptions,
): Promise<void> {
  const call = { signal };
  const { path } = old;
  const isFaithful =
    !verifies || (await sameBytes(previous.read(path, undefined, call), current.read(written.path, undefined, call)));
  const now = await statOrNull(previous, path, call);
  if (!now) report.notice(path, 'somebody else has removed or moved it meanwhile: the newly encrypted file stays');
  if (!now || (isFaithful && isSame(old, now))) return;
  // Only while the old one is there: else this may be the last form of the file, of a second rekey beside ours.
  await withdraw(current, written, call);
  if (!isSame(old, now)) throw changed(path);
  throw new Failure('corrupt', `${path}: read back, its new form is not what was written`, { path });
}

async function requireSame(remote: Remote, then: FileEntry, call: Call): Promise<void> {
  const now = await statOrNull(remote, then.path, call);
  if (!now || !isSame(then, now)) throw changed(then.path);
}

function changed(path: string, cause?: unknown): Failure {
  return new Failure('changed', `${path}: was changed or removed while it was being encrypted again`, { path, cause });
}

/** Takes away what we wrote, unless it is another's by now. */
async function withdraw(remote: Remote, written: FileEntry, call: Call): Promise<void> {
  const now = await statOrNull(remote, written.path, call);
  if (now && isSame(written, now)) await unlessAbsent(remote.remove(written.path, call));
}

function isSame(a: FileEntry, b: FileEntry): boolean {
  const hasOtherTag = a.tag !== undefined && b.tag !== undefined && a.tag !== b.tag;
  return a.size === b.size && a.modified === b.modified && !hasOtherTag && !hasOtherAttributes(a, b);
}

function hasOtherAttributes({ attributes: a }: FileEntry, { attributes: b }: FileEntry): boolean {
  if (a === undefined || b === undefined) return false;
  return Buffer.compare(a ?? noBytes, b ?? noBytes) !== 0;
}

async function statOrNull(remote: Remote, path: string, call: Call): Promise<FileEntry | null> {
  try {
    return await remote.stat(path, { ...call, attributes: true });
  } catch (error) {
    // In a bucket a file and a folder may share a name.
    if (isAbsence(error) || isFailure(error, 'is-folder')) return null;
    throw error;
  }
}
