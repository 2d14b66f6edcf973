import type { Entry, FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { newSealedFile, sealedSource } from '../../formats/crypt4gh/stream.ts';
import { createPlaces, featuresOver, type Placement, passedOn } from '../layer/passed-on.ts';
import { inPlainWords, plainFailure } from '../layer/plain-words.ts';
import { registerCrypt4gh } from './as-crypt4gh.ts';
import { createListingOpener, describedEntry, estimatedEntry } from './entries.ts';
import { lookUp } from './look-up.ts';
import { openSealed, readPlain } from './read.ts';
import type { Crypt4ghSettings } from './settings.ts';

/** A remote whose files lie sealed to the recipients under `base`, their names in the clear. What the base cannot do, it
 *  cannot do; without recipients nothing can be changed. */
export function createCrypt4ghRemote(base: Location, settings: Crypt4ghSettings): Remote {
  const { label, recipients, own, suffix } = settings;
  const store = base.remote;
  const placement: Placement = {
    file(path) {
      if (path === '') throw new Failure('is-folder', `${label} is a folder, not a file`, { path });
      return `${joinPath(base.path, path)}${suffix}`;
    },
    folder: (path) => joinPath(base.path, path),
  };
  const reading = readingSide(base, placement, settings);
  const { atFile } = createPlaces(placement);
  const show = (sealed: FileEntry, path: string): FileEntry => estimatedEntry(settings, sealed, path);

  const refuse = async (path: string): Promise<never> => {
    throw new Failure('denied', `${path}: cannot be changed because ${label} has no recipients`, { path });
  };
  const { about, access, link, checkPath, ...changes } = passedOn(store, placement, show);
  const publicKeys = recipients.map(({ key }) => key);
  const isReadOnly = publicKeys.length === 0;

  const remote: Remote = {
    ...reading,
    ...(about && { about }),
    ...(access && { access }),
    ...(link && { link }),
    ...(checkPath && { checkPath }),
    // A header tells nothing of its file's name, so sealed bytes keep their meaning under another one.
    ...(isReadOnly ? { remove: refuse, makeDir: refuse, removeDir: refuse } : changes),

    async write(path, source, { modified, isNew, isLasting }, call) {
      if (isReadOnly) return refuse(path);
      // No MIME type: it would tell the store what kind of file this is.
      const info = { modified, isNew, isLasting };
      const file = newSealedFile(publicKeys, own ?? undefined);
      const sealed = await atFile(path, (to) => store.write(to, sealedSource(file, source), info, call));
      return describedEntry(settings, sealed, path, { headerLength: file.header.length, edits: null });
    },

    // The base has an owner of its own.
    async [Symbol.asyncDispose]() {},
  };
  registerCrypt4gh(remote, { base, sealedPath: placement.file, recipients, own });
  return remote;
}

/** What of a remote needs no recipients. */
function readingSide(
  base: Location,
  placement: Placement,
  settings: Crypt4ghSettings,
): Pick<Remote, 'label' | 'features' | 'list' | 'walk' | 'stat' | 'read' | 'open'> {
  const { label, own } = settings;
  const store = base.remote;

  async function* opened(
    dir: string,
    pagesOf: (sealed: string) => AsyncIterable<readonly Entry[]>,
  ): AsyncGenerator<readonly Entry[]> {
    const sealed = placement.folder(dir);
    const opener = createListingOpener(settings, base.path, dir);
    try {
      for await (const page of pagesOf(sealed)) {
        const entries = opener.open(page);
        if (entries.length > 0) yield entries;
      }
      opener.finish();
    } catch (error) {
      throw plainFailure(error, sealed, dir);
    }
  }

  function requireReader(path: string): KeyPair {
    if (own) return own;
    throw new Failure('denied', `${path}: cannot be read because ${label} has no secret_key`, { path });
  }

  const open = store.open?.bind(store);
  const walk = store.walk?.bind(store);
  return {
    label,
    features: featuresOver(base),
    list: (dir, call) => opened(dir, (sealed) => store.list(sealed, call)),
    ...(walk && { walk: (dir: string, call?: Call) => opened(dir, (sealed) => walk(sealed, call)) }),

    stat: async (path, call) => lookUp(settings, store, placement, path, call),

    async *read(path, range, call) {
      const sealedPath = placement.file(path);
      const file = { remote: store, sealedPath, call };
      yield* inPlainWords(readPlain(file, requireReader(path), path, range), sealedPath, path);
    },

    ...(open && {
      async open(path: string, call?: Call) {
        const reader = requireReader(path);
        const sealedPath = placement.file(path);
        const sealed = await open(sealedPath, call).catch((error: unknown) => {
          throw plainFailure(error, sealedPath, path);
        });
        try {
          const { extent, plain } = await openSealed(sealed.bytes, reader, path);
          return {
            entry: describedEntry(settings, sealed.entry, path, extent),
            bytes: inPlainWords(plain, sealedPath, path),
            [Symbol.asyncDispose]: () => sealed[Symbol.asyncDispose](),
          };
        } catch (error) {
          await sealed[Symbol.asyncDispose]();
          throw plainFailure(error, sealedPath, path);
        }
      },
    }),
  };
}
