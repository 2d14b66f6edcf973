import type { Bytes, Range } from '../../core/bytes.ts';
import { Failure, isAbsence, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import { plainFailure } from '../layer/plain-words.ts';
import type { CryptSettings } from './settings.ts';
import type { Side, Sides } from './sides.ts';

/** Two crypt remotes over one base, of which each file stands on one. Paths are plain. */
export interface EitherSide {
  /** Whether both sides keep the file under one name, as they do where names are not encrypted. */
  isShared(path: string): boolean;
  isSharedFolder(dir: string): boolean;
  /** By the content of the file at such a path; null as `Sides.ofContent`. */
  sideOfShared(path: string, call?: Call): Promise<Side | null>;
  /** Does what `action` does on the side where the file stands. */
  run<T>(path: string, call: Call | undefined, action: (on: Remote) => Promise<T>): Promise<T>;
  read(path: string, range?: Range, call?: Call): Bytes;
  /** Throws Failure('unsupported') for a file that is sealed with the previous keys and would still be, under the name `to`. */
  requireCurrent(from: string, to: string, call?: Call): Promise<void>;
}

export function createEitherSide(
  base: Location,
  remotes: Readonly<Record<Side, Remote>>,
  settings: Readonly<Record<Side, CryptSettings>>,
  sides: Sides,
): EitherSide {
  const { current, previous } = remotes;
  const isShared = (path: string): boolean =>
    settings.current.names.sealFile(path) === settings.previous.names.sealFile(path);

  async function sideOfShared(path: string, call?: Call): Promise<Side | null> {
    const sealed = joinPath(base.path, settings.current.names.sealFile(path));
    try {
      return await sides.ofContent(sealed, call);
    } catch (error) {
      throw plainFailure(error, sealed, path);
    }
  }

  const sharedRemote = async (path: string, call?: Call): Promise<Remote> =>
    remotes[(await sideOfShared(path, call)) ?? 'current'];

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

  /** The side that the file would be taken to be on under its new name. */
  async function sideTaken(from: string, to: string, call?: Call): Promise<Side> {
    if (!isShared(from)) return sideByName(from, call);
    return isShared(to) ? 'current' : ((await sideOfShared(from, call)) ?? 'current');
  }

  return {
    isShared,
    isSharedFolder: (dir) => settings.current.names.sealFolder(dir) === settings.previous.names.sealFolder(dir),
    sideOfShared,

    async run(path, call, action) {
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
    },

    async *read(path, range, call) {
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
    },

    async requireCurrent(from, to, call) {
      if ((await sideTaken(from, to, call)) === 'current') return;
      throw new Failure('unsupported', `${from}: is still encrypted with the previous password`, { path: from });
    },
  };
}

/** Nothing stands there, or, in a bucket, only a folder of that name. */
export function isNoFile(error: unknown): boolean {
  return isAbsence(error) || isFailure(error, 'is-folder');
}
