import type { FileEntry } from '../core/entry.ts';
import { forEachParallel } from '../core/parallel.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { Session } from '../transfer/session.ts';
import { walk } from '../transfer/walk.ts';
import { ametaSuffix } from './object-name.ts';
import type { Keys } from './seal.ts';
import { type Description, noDescription, readDescription } from './sealed-ameta.ts';

/** An object and what stands beside it. */
export interface FoundObject {
  /** Its path is as seen from the place that was looked through. */
  readonly file: FileEntry;
  readonly hasAmeta: boolean;
}

/** Every object below a place, sorted, without those that only describe others. */
export async function findObjects(session: Session, at: Location): Promise<readonly FoundObject[]> {
  const files = new Map<string, FileEntry>();
  await walk(session, at, (page) => {
    for (const entry of page) if (entry.kind === 'file') files.set(entry.path, entry);
  });
  return [...files.values()]
    .filter(({ path }) => !isAmeta(path, files))
    .map((file) => ({ file, hasAmeta: files.has(`${file.path}${ametaSuffix}`) }))
    .sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
}

function isAmeta(path: string, files: ReadonlyMap<string, unknown>): boolean {
  return path.endsWith(ametaSuffix) && files.has(path.slice(0, -ametaSuffix.length));
}

/** Reads what describes the objects, several at once, and tells each in the objects' order. */
export async function readDescriptions(
  session: Session,
  at: Location,
  objects: readonly FoundObject[],
  keys: Keys,
  tell: (object: FoundObject, description: Description) => Promise<void>,
): Promise<void> {
  const held = new Map<number, Description>();
  let next = 0;
  let last = Promise.resolve();
  await forEachParallel(objects.entries(), session.options.checkers, session.signal, async ([index, object]) => {
    const place = { remote: at.remote, path: joinPath(at.path, object.file.path) };
    held.set(index, object.hasAmeta ? await readDescription(place, keys, session.signal) : noDescription);
    for (let ready = held.get(next); ready; ready = held.get(next)) {
      held.delete(next);
      const object = objects[next++] as FoundObject;
      const description = ready;
      last = last.then(() => tell(object, description));
    }
    await last;
  });
}
