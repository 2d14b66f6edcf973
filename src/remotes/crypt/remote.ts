import { createHash } from 'node:crypto';
import type { Source } from '../../core/bytes.ts';
import type { Entry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location, Remote, WriteInfo } from '../../core/remote.ts';
import { type OpenOptions, openContent } from '../../formats/rclone-crypt/content.ts';
import { sealedSource } from '../../formats/rclone-crypt/sealed-source.ts';
import { createPlaces, featuresOver, type Placement, passedOn } from '../layer/passed-on.ts';
import { inPlainWords, plainFailure } from '../layer/plain-words.ts';
import { type CryptRemote, registerCrypt } from './as-crypt.ts';
import { openAtHand } from './at-hand.ts';
import { plainRoom } from './attributes.ts';
import { createKnownNonces } from './known-nonces.ts';
import { createListingOpener, openFile } from './listing.ts';
import { createPasswordCheck } from './password-check.ts';
import { readNonce, readRange, type SealedFile } from './read.ts';
import { createRekeyWatch } from './rekey-watch.ts';
import { isReserved } from './reserved.ts';
import type { CryptSettings } from './settings.ts';

/** A remote whose files lie sealed under `base`. What the base cannot do, it cannot do. */
export function createCryptRemote(base: Location, settings: CryptSettings): Remote {
  const { names, content, report } = settings;
  const store = base.remote;
  const watch = createRekeyWatch(base, settings);
  const password = createPasswordCheck(base, settings);
  const nonces = createKnownNonces();
  const sealedFolder = (path: string): string => joinPath(base.path, names.sealFolder(path));

  function sealedFile(path: string): string {
    const sealed = names.sealFile(path);
    if (isReserved(sealed)) throw new Failure('denied', `${path}: coffer keeps a file of its own there`, { path });
    return joinPath(base.path, sealed);
  }

  const placement: Placement = { file: sealedFile, folder: sealedFolder };
  const { atFile } = createPlaces(placement);

  async function explainAbsence(call: Call | undefined): Promise<void> {
    const checking = password.check(call);
    checking.catch(() => {}); // it is told after what the watch tells
    await watch.look(call);
    await checking;
  }

  async function* opened(
    dir: string,
    call: Call | undefined,
    pagesOf: (sealed: string) => AsyncIterable<readonly Entry[]>,
  ): AsyncGenerator<readonly Entry[]> {
    const sealed = sealedFolder(dir);
    const opener = createListingOpener(settings, base.path, dir);
    try {
      for await (const page of pagesOf(sealed)) {
        const entries = opener.open(page);
        if (entries.length > 0) yield entries;
      }
      if (opener.seen.rekeyMarker) await watch.look(call);
      else if (dir !== '' && !opener.seen.anything) await explainAbsence(call);
      opener.finish();
    } catch (error) {
      if (dir !== '' && isFailure(error, 'folder-not-found')) await explainAbsence(call);
      throw plainFailure(error, sealed, dir);
    }
  }

  const openOptions = (path: string): OpenOptions => ({
    path,
    onBadChunk: settings.passesBadChunks ? (message) => report.error(path, message) : undefined,
  });
  const open = store.open?.bind(store);
  // Where bad chunks are passed on, that is told each time.
  const atHand = settings.passesBadChunks ? undefined : store.atHand?.bind(store);
  const walk = store.walk?.bind(store);
  const attributeRoom = store.attributeRoom?.bind(store);
  const setAttributes = store.setAttributes?.bind(store);

  const remote: Remote = {
    label: settings.label,
    features: featuresOver(base),

    // The keys are the same for every path, so sealed bytes keep their meaning under another name.
    ...passedOn(store, placement, (sealed, path) => openFile(settings, sealed, path)),

    list: (dir, call) =>
      opened(dir, call, (sealed) => call?.ahead?.take(store, sealed, 'list') ?? store.list(sealed, call)),
    ...(walk && {
      walk: (dir: string, call?: Call) =>
        opened(dir, call, (sealed) => call?.ahead?.take(store, sealed, 'walk') ?? walk(sealed, call)),
    }),

    stat: async (path, call) => openFile(settings, await atFile(path, (sealed) => store.stat(sealed, call)), path),

    read(path, range, call) {
      const file: SealedFile = { remote: store, sealedPath: sealedFile(path), call };
      const bytes = content
        ? readRange(file, content, range, openOptions(path), nonces)
        : store.read(file.sealedPath, range, call);
      return inPlainWords(bytes, file.sealedPath, path);
    },

    ...(atHand && {
      atHand(path: string) {
        const sealed = atHand(sealedFile(path));
        if (!sealed) return null;
        const entry = openFile(settings, sealed.entry, path);
        const opened = content ? openAtHand(sealed, content, entry) : { ...sealed, entry };
        if (!opened) sealed.close();
        return opened;
      },
    }),

    ...(open && {
      open: (path: string, call?: Call) =>
        atFile(path, async (sealedPath) => {
          const sealed = await open(sealedPath, call);
          const bytes = content ? openContent(content, sealed.bytes, openOptions(path)) : sealed.bytes;
          return {
            entry: openFile(settings, sealed.entry, path),
            bytes: inPlainWords(bytes, sealedPath, path),
            [Symbol.asyncDispose]: () => sealed[Symbol.asyncDispose](),
          };
        }),
    }),

    async write(path, source, info, call) {
      const sealedPath = sealedFile(path);
      const sealed = content ? sealedSource(content, settings.randomNonce(), source) : source;
      try {
        const written = await store.write(sealedPath, sealed, sealInfo(settings, info), call);
        return openFile(settings, written, path);
      } catch (error) {
        throw plainFailure(error, sealedPath, path);
      }
    },

    ...(attributeRoom && {
      attributeRoom: async (dir: string, call?: Call) => plainRoom(await attributeRoom(sealedFolder(dir), call)),
    }),
    ...(setAttributes && {
      setAttributes: (path: string, attributes: Uint8Array, call?: Call) =>
        atFile(path, (sealed) => setAttributes(sealed, settings.attributes.seal(attributes), call)),
    }),
  };
  registerCrypt(remote, cryptSide(base, settings));
  return remote;
}

/** What the store may know. No MIME type: it would tell what kind of file this is. */
function sealInfo(settings: CryptSettings, info: WriteInfo): WriteInfo {
  if (info.mimeType === undefined && !info.attributes) return info;
  const { mimeType: _, attributes, ...rest } = info;
  return { ...rest, ...(attributes && { attributes: settings.attributes.seal(attributes) }) };
}

function cryptSide(base: Location, { names, content, cipher, passwords }: CryptSettings): CryptRemote {
  return {
    base,
    cipher,
    passwords,
    sealName: (path, kind = 'file') => (kind === 'file' ? names.sealFile(path) : names.sealFolder(path)),
    openName: (sealed, kind = 'file') => (kind === 'file' ? names.openFile(sealed) : names.openFolder(sealed)),
    async storedHash(path, type, call) {
      const sealedPath = joinPath(base.path, names.sealFile(path));
      try {
        return (await base.remote.hash?.(sealedPath, type, call)) ?? null;
      } catch (error) {
        throw plainFailure(error, sealedPath, path);
      }
    },
    async sealedHash(path, plain: Source, type, call) {
      const sealedPath = joinPath(base.path, names.sealFile(path));
      try {
        const file = { remote: base.remote, sealedPath, call };
        const source = content ? sealedSource(content, await readNonce(file, path), plain) : plain;
        const hash = createHash(type);
        for await (const piece of source.open()) hash.update(piece);
        return hash.digest('hex');
      } catch (error) {
        throw plainFailure(error, sealedPath, path);
      }
    },
  };
}
