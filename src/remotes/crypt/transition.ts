import { Failure, isAbsence, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import { asCrypt, registerCrypt } from './as-crypt.ts';
import { plainFailure } from './failures.ts';
import { createCryptRemote } from './remote.ts';
import type { CryptSettings } from './settings.ts';
import { createSides, type Side } from './sides.ts';
import { listBoth } from './transition-listing.ts';

/** A crypt remote that is being given new passwords: the files of both pairs, as one tree. What is written gets the
 *  current ones and takes the place of what stood there under the previous ones; where both stand the current one counts. */
export function createTransition(
  base: Location,
  currentSettings: CryptSettings,
  previousSettings: CryptSettings,
): Remote {
  const store = base.remote;
  const current = createCryptRemote(base, currentSettings);
  const previous = createCryptRemote(base, previousSettings);
  const remotes: Readonly<Record<Side, Remote>> = { current, previous };
  const sides = createSides(base, currentSettings, previousSettings);

  const isShared = (path: string): boolean =>
    currentSettings.names.sealFile(path) === previousSettings.names.sealFile(path);
  const isSharedFolder = (dir: string): boolean =>
    currentSettings.names.sealFolder(dir) === previousSettings.names.sealFolder(dir);

  async function sideOfShared(path: string, call?: Call): Promise<Side | null> {
    const sealed = joinPath(base.path, currentSettings.names.sealFile(path));
    try {
      return await sides.ofContent(sealed, call);
    } catch (error) {
      throw plainFailure(error, sealed, path);
    }
  }
  const sharedRemote = async (path: string, call?: Call): Promise<Remote> =>
    remotes[(await sideOfShared(path, call)) ?? 'current'];

  /** Does what `action` does on the side where the file stands. */
  async function onSide<T>(path: string, call: Call | undefined, action: (remote: Remote) => Promise<T>): Promise<T> {
    if (isShared(path)) return action(await sharedRemote(path, call));
    for (const remote of [current, previous]) {
      try {
        return await action(remote);
      } catch (error) {
        if (!isNoFile(error)) throw error;
      }
    }
    // It may have been moved between the two looks.
    return action(current);
  }

  async function* read(...[path, range, call]: Parameters<Remote['read']>): AsyncGenerator<Uint8Array> {
    if (isShared(path)) return yield* (await sharedRemote(path, call)).read(path, range, call);
    for (const remote of [current, previous]) {
      let isBegun = false;
      try {
        for await (const piece of remote.read(path, range, call)) {
          isBegun = true;
          yield piece;
        }
        return;
      } catch (error) {
        if (isBegun || !isNoFile(error)) throw error;
      }
    }
    yield* current.read(path, range, call);
  }

  /** Takes away what a file that was just written replaces. */
  async function dropPrevious(path: string, call?: Call): Promise<void> {
    if (!isShared(path)) await unlessAbsent(previous.remove(path, call));
  }

  /** Throws Failure('unsupported') for a file that would take its previous keys along. */
  async function requireCurrent(from: string, to: string, call?: Call): Promise<void> {
    const side = isShared(from)
      ? isShared(to)
        ? 'current'
        : ((await sideOfShared(from, call)) ?? 'current')
      : await sideByName(from, call);
    if (side === 'current') return;
    throw new Failure('unsupported', `${from}: is still encrypted with the previous password`, { path: from });
  }

  async function sideByName(path: string, call?: Call): Promise<Side> {
    try {
      await current.stat(path, call);
      return 'current';
    } catch (error) {
      if (!isNoFile(error)) throw error;
      await previous.stat(path, call);
      return 'previous';
    }
  }

  /** The previous side first: what is left if it ends half-way is then the file that was shown. */
  async function onBothSides(isOne: boolean, action: (remote: Remote) => Promise<void>): Promise<void> {
    const isGone = isOne ? false : await unlessAbsent(action(previous));
    const outcome = action(current);
    await (isGone ? unlessAbsent(outcome) : outcome);
  }

  const { copy, move, purge, setModified, open, about } = current;
  const walk = store.walk?.bind(store);
  const remote: Remote = {
    label: current.label,
    features: current.features,
    list: (dir, call) => both(dir, store.list.bind(store), call),
    ...(walk && { walk: (dir: string, call?: Call) => both(dir, walk, call) }),
    stat: (path, call) => (isShared(path) ? current.stat(path, call) : onSide(path, call, (on) => on.stat(path, call))),
    read,
    ...(open && { open: (path: string, call?: Call) => onSide(path, call, (on) => must(on.open)(path, call)) }),
    async write(path, source, info, call) {
      const written = await current.write(path, source, info, call);
      if (!info.isNew) await dropPrevious(path, call);
      return written;
    },
    remove: (path, call) => onBothSides(isShared(path), (on) => on.remove(path, call)),
    makeDir: current.makeDir,
    removeDir: (dir, call) => onBothSides(isSharedFolder(dir), (on) => on.removeDir(dir, call)),
    ...(purge && {
      purge: (dir: string, call?: Call) => onBothSides(isSharedFolder(dir), (on) => must(on.purge)(dir, call)),
    }),
    ...(copy && {
      async copy(from: string, to: string, call?: Call) {
        await requireCurrent(from, to, call);
        const copied = await copy(from, to, call);
        await dropPrevious(to, call);
        return copied;
      },
    }),
    ...(move && {
      async move(from: string, to: string, call?: Call) {
        await requireCurrent(from, to, call);
        const moved = await move(from, to, call);
        await dropPrevious(to, call);
        await dropPrevious(from, call);
        return moved;
      },
    }),
    ...(setModified && {
      setModified: (path: string, modified: bigint, call?: Call) =>
        onSide(path, call, (on) => must(on.setModified)(path, modified, call)),
    }),
    ...(about && { about }),
    async [Symbol.asyncDispose]() {},
  };

  function both(dir: string, pagesOf: Remote['list'], call?: Call) {
    return listBoth(base, currentSettings, previousSettings, sides, dir, pagesOf, call);
  }

  // What is damaged must not be written anew as zeros.
  const strictly = (settings: CryptSettings) => createCryptRemote(base, { ...settings, passesBadChunks: false });
  const transition = {
    current: strictly(currentSettings),
    previous: strictly(previousSettings),
    sides,
    isShared,
    sideOfShared,
  };
  const [currentCrypt, previousCrypt] = [must(asCrypt(current) ?? undefined), must(asCrypt(previous) ?? undefined)];
  registerCrypt(remote, {
    ...currentCrypt,
    openName: (sealed, kind) => currentCrypt.openName(sealed, kind) ?? previousCrypt.openName(sealed, kind),
    sealedHash: (path, plain, type, call) =>
      onSide(path, call, (on) => must(asCrypt(on) ?? undefined).sealedHash(path, plain, type, call)),
    transition,
  });
  return remote;
}

/** What one side can do the other can too: they stand on one base. */
function must<T>(method: T | undefined): T {
  if (method === undefined) throw new Failure('unsupported', 'the store cannot do this');
  return method;
}

/** False where nothing was there. */
async function unlessAbsent(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (isNoFile(error)) return false;
    throw error;
  }
}

/** Nothing stands there, or, in a bucket, only a folder of that name. */
function isNoFile(error: unknown): boolean {
  return isAbsence(error) || isFailure(error, 'is-folder');
}
