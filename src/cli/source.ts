import { parseRemoteSpec } from '../config/remote-spec.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { baseName, parentPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { isTop } from '../transfer/place.ts';
import { localize } from '../transfer/walk.ts';
import type { CommandContext } from './command.ts';

/** What a user's argument stands for: a folder, or one file in it. */
export interface Target {
  /** The folder; with a file, the folder that holds it. */
  readonly location: Location;
  readonly file: FileEntry | null;
}

type Opening = Pick<CommandContext, 'location' | 'session'>;

/** As `findTarget`, for a command that obeys filters. Throws Failure('usage') for a file under a filter, as rclone does: taken
 *  as it is, `delete` would delete what the filter was to keep. */
export async function openTarget(context: Opening, spec: string): Promise<Target> {
  const target = await findTarget(context, spec);
  if (target.file && !context.session.filter.isInactive) {
    throw new Failure('usage', `${spec}: is a single file, to which filters do not apply: drop the filter flags`);
  }
  return target;
}

/** Finds out whether `spec` names a file, as rclone does: whatever is no file is taken for a folder. */
export async function findTarget({ location: open, session }: Opening, spec: string): Promise<Target> {
  return targetAt(session, await open(spec, session.ahead), spec);
}

async function targetAt(session: Opening['session'], location: Location, spec: string): Promise<Target> {
  if (!canBeFile(location, spec)) return { location, file: null };
  try {
    const entry = await location.remote.stat(location.path, { signal: session.signal });
    const parent = { remote: location.remote, path: parentPath(location.path) };
    return { location: parent, file: localize(parent, entry) };
  } catch (error) {
    if (isFailure(error, 'not-found', 'folder-not-found', 'is-folder')) return { location, file: null };
    throw error;
  }
}

/** A folder to write into. Throws Failure('usage') where a file stands, on stores whose folders are real. */
export async function openFolder(context: Opening, spec: string): Promise<Location> {
  const location = await context.location(spec, context.session.ahead);
  return location.remote.features.buckets ? location : folderOf(await targetAt(context.session, location, spec), spec);
}

/** A folder to remove. Throws Failure('usage') where a file stands: a store whose folders are only prefixes would find
 *  nothing below it, and the file would seem removed. */
export async function openNoFile(context: Opening, spec: string): Promise<Location> {
  return folderOf(await findTarget(context, spec), spec);
}

function folderOf({ location, file }: Target, spec: string): Location {
  if (file) throw new Failure('usage', `${spec}: is a file not a directory`);
  return location;
}

/** The folder and the file name that `spec` means (`copyto`, `rcat`). Throws Failure('usage') for a bare root. */
export async function openFilePath(
  { location: open }: Opening,
  spec: string,
): Promise<{ parent: Location; name: string }> {
  const location = await open(spec);
  if (!endsInName(location, spec)) throw new Failure('usage', `${spec}: give the name of a file`);
  const { remote, path } = location;
  return { parent: { remote, path: parentPath(path) }, name: baseName(path) };
}

/** Whether a file could be made at `location`, which `spec` stands for. The root of an alias has a name, but no file can
 *  take its place. */
export function endsInName({ path }: Location, spec: string): boolean {
  return path !== '' && !['', '.', '..'].includes(baseName(parseRemoteSpec(spec).path));
}

function canBeFile(location: Location, spec: string): boolean {
  return !isTop(location) && !spec.endsWith('/');
}
