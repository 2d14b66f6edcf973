import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { messageOf } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { baseName } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { commonHash, hashOf, isWithin, modifiedOf, modifyWindow, withTrueSize } from './compare.ts';
import type { RenameStrategy } from './rename-strategy.ts';
import { throwIfFinal } from './session.ts';
import type { Transfer } from './transfer.ts';

/** Takes the file that has become `file` at the source, which then is no other's old name; null where there is none. */
export type TakeOldName = (file: FileEntry) => Promise<FileEntry | null>;

interface OldName {
  readonly file: FileEntry;
  /** 0 where times do not matter. */
  readonly modified: Nanoseconds;
}

/** Finds among files that only the target has the old names of those that only the source has. Hashes are asked only for
 *  files that have their like on the other side, as far as the listings tell. */
export async function createRenameMap(
  transfer: Transfer,
  strategy: RenameStrategy,
  sourceOnly: readonly FileEntry[],
  targetOnly: readonly FileEntry[],
): Promise<TakeOldName> {
  const { session, from, to } = transfer;
  const window = modifyWindow(session, from, to) ?? 0n;
  const sources = await looksOf(transfer, strategy, from, sourceOnly);
  const targets = await looksOf(transfer, strategy, to, targetOnly);
  const wanted = new Set(sources.values());
  const known = new Set(targets.values());
  const oldNames = new Map<string, OldName[]>();

  const modified = async (at: Location, file: FileEntry): Promise<Nanoseconds> =>
    strategy.modified ? modifiedOf(session, at, file) : 0n;

  await forEachParallel(targets, session.options.checkers, session.signal, async ([file, look]) => {
    const key = wanted.has(look) ? await keyOf(transfer, strategy, to, file, look) : null;
    if (key === null) return;
    const old = { file, modified: await modified(to, file) };
    const others = oldNames.get(key);
    if (others) others.push(old);
    else oldNames.set(key, [old]);
  });

  return async (file) => {
    const look = sources.get(file) ?? '';
    const key = known.has(look) ? await keyOf(transfer, strategy, from, file, look) : null;
    if (key === null) return null;
    const time = await modified(from, file);
    const alike = oldNames.get(key) ?? [];
    const index = alike.findIndex((old) => !strategy.modified || isWithin(window, old.modified - time));
    return index < 0 ? null : (alike.splice(index, 1)[0]?.file ?? null);
  };
}

/** What the listings tell of the files that have a size. */
async function looksOf(
  { session }: Transfer,
  strategy: RenameStrategy,
  at: Location,
  files: readonly FileEntry[],
): Promise<Map<FileEntry, string>> {
  const looks = new Map<FileEntry, string>();
  await forEachParallel(files, session.options.checkers, session.signal, async (file) => {
    const { size } = await withTrueSize(session, at, file);
    if (size >= 0) looks.set(file, strategy.leaf ? `${size},${baseName(file.path)}` : `${size}`);
  });
  return looks;
}

/** What a file has in common with the one that it was; null where it is not known. */
async function keyOf(
  { session, from, to }: Transfer,
  strategy: RenameStrategy,
  at: Location,
  file: FileEntry,
  look: string,
): Promise<string | null> {
  const type = strategy.hash ? commonHash(from, to) : null;
  if (!type) return look;
  try {
    const hash = await hashOf(session, at, file, type);
    return hash === null ? null : `${hash},${look}`;
  } catch (error) {
    throwIfFinal(session, error);
    session.report.debug(file.path, `Hash failed: ${messageOf(error)}`);
    return null;
  }
}
