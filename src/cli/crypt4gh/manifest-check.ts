import { Failure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Manifest, ManifestEntry } from '../../formats/crypt4gh/manifest.ts';
import { countError, type Session } from '../../transfer/session.ts';

/** Holds the files that are found against those that there should be. */
export interface ManifestCheck {
  /** What the file of this name must be. Throws Failure('corrupt') for one that the manifest does not know. */
  expect(name: string): ManifestEntry;
  /** Counts as an error each file that nobody has asked for, unless it `isLeftOut` by a filter. Resolves with how many are. */
  countMissing(session: Session, isLeftOut: (name: string) => Promise<boolean>): Promise<number>;
}

/** `path` is what messages call the manifest. */
export function createManifestCheck({ files }: Manifest, path: string): ManifestCheck {
  const left = new Map(files.map((entry) => [entry.name, entry]));
  return {
    expect(name) {
      const entry = left.get(name);
      if (!entry) throw new Failure('corrupt', `${name} is not in the manifest ${path}: it was added or moved later`);
      left.delete(name);
      return entry;
    },
    async countMissing(session, isLeftOut) {
      let leftOut = 0;
      await forEachParallel(left.keys(), session.options.checkers, session.signal, async (name) => {
        if (await isLeftOut(name)) {
          leftOut++;
          return;
        }
        const missing = new Failure('not-found', `${name} is in the manifest ${path}, but missing`, { path: name });
        countError(session, name, 'Missing', missing);
      });
      return leftOut;
    },
  };
}
