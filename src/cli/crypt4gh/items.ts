import type { FileEntry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { baseName, isInside, joinPath, relativePath } from '../../core/path.ts';
import type { Location } from '../../core/remote.ts';
import type { Route } from '../../transfer/copy-file.ts';
import { placeName } from '../../transfer/place.ts';
import { holdsAnything } from '../../transfer/presence.ts';
import { statAt } from '../../transfer/walk.ts';
import type { CommandContext } from '../command.ts';
import { walkOpened } from '../listing.ts';
import { openTarget, type Target } from '../source.ts';
import { openPlace, type Place } from './place.ts';

/** One file to be converted. */
export interface Item extends Route {
  /** What the plain file is called in the set. */
  readonly name: string;
}

/** How files are called on the other side. */
export interface Naming {
  /** The plain name of a file. */
  plainName(path: string): string;
  /** What comes out of it; null where its name does not say. */
  targetName(path: string): string | null;
  /** Whether a file of a folder is left alone, with `isInPlace` when what comes out goes beside it. */
  isPassedOver(path: string, isInPlace: boolean): boolean;
}

/** Hands each file to `visit`, and to `onPassedOver` those of folders that are left alone. */
export type VisitItems = (
  visit: (item: Item) => Promise<void>,
  onPassedOver: (file: FileEntry) => void,
) => Promise<void>;

export interface Items {
  readonly visit: VisitItems;
  /** Of a file that was not visited, by its path in the set as the sources have it: whether that is the filter's doing. Names
   *  alone tell of one that is not there. */
  isLeftOut(path: string): Promise<boolean>;
}

interface Request {
  /** Files and folders. */
  readonly specs: readonly string[];
  /** Where what comes out goes; '' is beside each file. */
  readonly output: string;
  readonly naming: Naming;
  /** A file that is none of them, wherever it lies. */
  readonly except?: Location | null;
}

/** Opens what the arguments name, and where what comes out goes. Throws Failure('usage') where the two do not go together,
 *  and where one of several is not there, before any is visited. */
export async function openItems(context: CommandContext, { specs, output, naming, except }: Request): Promise<Items> {
  const targets: Target[] = [];
  for (const spec of specs) targets.push(await openTarget(context, spec));
  const place = output === '' ? null : await openPlace(context, output, targets);
  for (const target of targets) if (place) requireApart(target, place);
  const isSet = targets.length > 1;
  const { session } = context;
  if (isSet) {
    for (const [index, target] of targets.entries()) if (!target.file) await requireAny(target, specs[index] ?? '');
  }

  return {
    async visit(visit, onPassedOver) {
      for (const [index, target] of targets.entries()) {
        const prefix = prefixOf(target);
        let isEmpty = true;
        const visitOne = async (file: FileEntry): Promise<void> => {
          isEmpty = false;
          if (!target.file && naming.isPassedOver(file.path, place === null)) onPassedOver(file);
          else await visit(itemOf(target.location, file, prefix));
        };
        const spec = specs[index] ?? '';
        await orMissing(spec, () => eachFile(target, visitOne));
        if (isEmpty) requireUnfiltered(spec);
      }
    },
    async isLeftOut(path) {
      if (session.filter.isInactive) return false;
      for (const target of targets) {
        const prefix = prefixOf(target);
        if (!isInside(prefix, path)) continue;
        const below = relativePath(prefix, path);
        if (!session.filter.includesName(below) || (await statAt(session, target.location, below))) return true;
      }
      return false;
    },
  };

  /** Of several sources each folder keeps its name; of one, as in a copy, the contents are meant. */
  function prefixOf({ location, file }: Target): string {
    return isSet && !file ? baseName(location.path) : '';
  }

  async function requireAny({ location }: Target, spec: string): Promise<void> {
    if (!(await orMissing(spec, () => holdsAnything(session, location)))) requireUnfiltered(spec);
  }

  /** A filter may find nothing. */
  function requireUnfiltered(spec: string): void {
    if (session.filter.isInactive) {
      throw new Failure('not-found', `${spec}: there is no file to ${context.name} in it`);
    }
  }

  async function eachFile(target: Target, visit: (file: FileEntry) => Promise<void>): Promise<void> {
    const { remote, path } = target.location;
    const isExcepted = (file: FileEntry): boolean =>
      except?.remote === remote && except.path === joinPath(path, file.path);
    await walkOpened(context, target, async (page) => {
      for (const entry of page) if (entry.kind === 'file' && !isExcepted(entry)) await visit(entry);
    });
  }

  function itemOf(from: Location, file: FileEntry, prefix: string): Item {
    return { from, file, ...placed(from, file, prefix), name: joinPath(prefix, naming.plainName(file.path)) };
  }

  function placed(from: Location, { path }: FileEntry, prefix: string): Pick<Item, 'to' | 'path'> {
    if (place?.kind === 'file') return { to: place.parent, path: place.name };
    const named = naming.targetName(path);
    if (place) return { to: place.folder, path: joinPath(prefix, named ?? path) };
    if (named !== null) return { to: from, path: named };
    throw new Failure('usage', `${path}: its name does not say what to call the result: give -o FILE or -o DIR/`, {
      path,
    });
  }
}

/** What is no file was taken for a folder. */
async function orMissing<T>(spec: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!isFailure(error, 'folder-not-found')) throw error;
    throw new Failure(error.kind, `there is no file or folder ${spec}`, { path: spec, cause: error });
  }
}

/** What is written must not be found by the walk that is still under way. */
function requireApart({ location, file }: Target, place: Place): void {
  if (file || place.kind !== 'folder' || place.folder.remote !== location.remote) return;
  if (!isInside(location.path, place.folder.path)) return;
  throw new Failure('usage', `${placeName(place.folder)} lies in a folder that is read: choose another place`);
}
