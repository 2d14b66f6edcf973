import { Failure } from '../../core/failure.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import { asCrypt, type CryptRemote, registerCrypt } from './as-crypt.ts';
import { eitherBox } from './attributes.ts';
import { createEitherSide, isNoFile } from './either-side.ts';
import { createCryptRemote } from './remote.ts';
import type { CryptSettings } from './settings.ts';
import { createSides } from './sides.ts';
import { listBoth } from './transition-listing.ts';

/** A crypt remote that is being given new passwords: the files of both pairs, as one tree. What is written gets the
 *  current ones and takes the place of what stood there under the previous ones; where both stand the current one counts. */
export function createTransition(base: Location, now: CryptSettings, before: CryptSettings): Remote {
  // A file whose name tells nothing is looked up before it is known whose it is.
  const currentSettings = { ...now, attributes: eitherBox(now.attributes, before.attributes) };
  const previousSettings = { ...before, attributes: eitherBox(before.attributes, now.attributes) };
  const store = base.remote;
  const current = createCryptRemote(base, currentSettings);
  const previous = createCryptRemote(base, previousSettings);
  const settings = { current: currentSettings, previous: previousSettings };
  const sides = createSides(base, currentSettings, previousSettings);
  const either = createEitherSide(base, { current, previous }, settings, sides);
  const { isShared, isSharedFolder, sideOfShared } = either;

  /** Takes away what a file that was just written replaces. */
  async function dropPrevious(path: string, call?: Call): Promise<void> {
    if (!isShared(path)) await isDone(previous.remove(path, call));
  }

  /** The previous side first: what is left if it ends half-way is then the file that was shown. */
  async function onBothSides(isOne: boolean, action: (on: Remote) => Promise<void>): Promise<void> {
    const wasThere = isOne ? false : await isDone(action(previous));
    const rest = action(current);
    await (wasThere ? isDone(rest) : rest);
  }

  const {
    copy,
    move,
    purge,
    cleanUp,
    setModified,
    attributeRoom,
    setAttributes,
    open,
    about,
    access,
    link,
    checkPath,
  } = current;
  const pages = (dir: string, pagesOf: Remote['list'], call?: Call) =>
    listBoth(base, settings, sides, dir, pagesOf, call);
  const walk = store.walk?.bind(store);

  const remote: Remote = {
    label: current.label,
    features: current.features,
    list: (dir, call) => pages(dir, store.list.bind(store), call),
    ...(walk && { walk: (dir: string, call?: Call) => pages(dir, walk, call) }),
    stat: (path, call) =>
      isShared(path) ? current.stat(path, call) : either.run(path, call, (on) => on.stat(path, call)),
    read: either.read,
    ...(open && { open: (path: string, call?: Call) => either.run(path, call, (on) => given(on.open)(path, call)) }),
    async write(path, source, info, call) {
      const written = await current.write(path, source, info, call);
      if (!info.isNew) await dropPrevious(path, call);
      return written;
    },
    remove: (path, call) => onBothSides(isShared(path), (on) => on.remove(path, call)),
    makeDir: current.makeDir,
    removeDir: (dir, call) => onBothSides(isSharedFolder(dir), (on) => on.removeDir(dir, call)),
    ...(checkPath && { checkPath }),
    ...(purge && {
      purge: (dir: string, call?: Call) => onBothSides(isSharedFolder(dir), (on) => given(on.purge)(dir, call)),
    }),
    ...(cleanUp && {
      cleanUp: (dir: string, age: number, call?: Call) =>
        onBothSides(isSharedFolder(dir), (on) => given(on.cleanUp)(dir, age, call)),
    }),
    ...(copy && {
      async copy(from: string, to: string, call?: Call) {
        await either.requireCurrent(from, to, call);
        const copied = await copy(from, to, call);
        await dropPrevious(to, call);
        return copied;
      },
    }),
    ...(move && {
      async move(from: string, to: string, call?: Call) {
        await either.requireCurrent(from, to, call);
        const moved = await move(from, to, call);
        await dropPrevious(to, call);
        await dropPrevious(from, call);
        return moved;
      },
    }),
    ...(setModified && {
      setModified: (path: string, modified: bigint, call?: Call) =>
        either.run(path, call, (on) => given(on.setModified)(path, modified, call)),
    }),
    ...(attributeRoom && { attributeRoom }),
    ...(setAttributes && {
      setAttributes: (path: string, attributes: Uint8Array, call?: Call) =>
        either.run(path, call, (on) => given(on.setAttributes)(path, attributes, call)),
    }),
    ...(about && { about }),
    ...(access && { access }),
    ...(link && {
      link: (path: string, life: number, call?: Call) =>
        either.run(path, call, (on) => given(on.link)(path, life, call)),
    }),
    async [Symbol.asyncDispose]() {},
  };

  // What is damaged must not be written anew as zeros.
  const strict = (own: CryptSettings): Remote => createCryptRemote(base, { ...own, passesBadChunks: false });
  const transition = {
    current: strict(currentSettings),
    previous: strict(previousSettings),
    sides,
    isShared,
    sideOfShared,
  };
  registerCrypt(remote, {
    ...cryptOf(current),
    openName: (sealed, kind) => cryptOf(current).openName(sealed, kind) ?? cryptOf(previous).openName(sealed, kind),
    storedHash: (path, type, call) => either.run(path, call, (on) => cryptOf(on).storedHash(path, type, call)),
    sealedHash: (path, plain, type, call) =>
      either.run(path, call, (on) => cryptOf(on).sealedHash(path, plain, type, call)),
    transition,
  });
  return remote;
}

function cryptOf(side: Remote): CryptRemote {
  return given(asCrypt(side) ?? undefined);
}

/** What one side can do the other can too: they stand on one base. */
function given<T>(method: T | undefined): T {
  if (method === undefined) throw new Failure('unsupported', 'the store cannot do this');
  return method;
}

/** False where nothing was there. */
async function isDone(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (isNoFile(error)) return false;
    throw error;
  }
}
