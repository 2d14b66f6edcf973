import type { Awaitable } from '../../core/awaitable.ts';
import { isAbsence, isFailure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { depthOf } from '../../core/path.ts';
import type { CryptRemote, Transition } from '../../remotes/crypt/as-crypt.ts';
import { createPool } from '../../transfer/pool.ts';
import { expectTransfer } from '../../transfer/progress.ts';
import { countError, mayChange, type Session } from '../../transfer/session.ts';
import { findLeftovers, type Leftovers } from './leftovers.ts';
import { type RekeyOptions, rekeyFile } from './rekey-file.ts';
import { requireOurMarker } from './standing.ts';

/** Milliseconds between two looks at the marker. */
export const lookInterval = 30_000;

/** Gives everything that still has the previous passwords the new ones, again and again until nothing is left.
 *  Errors of single files are counted in the session and the rest goes on. True when nothing is left. */
export async function rekeyEverything(
  session: Session,
  crypt: CryptRemote,
  transition: Transition,
  label: string,
  options: RekeyOptions,
): Promise<boolean> {
  for (;;) {
    await requireOurMarker(crypt, label, { signal: session.signal });
    const { found, isComplete } = await pass(session, crypt, transition, label, options);
    if (!isComplete || session.progress.errors > 0) return false;
    // Others may have written with the previous passwords while this pass went on.
    if (found.files === 0) return true;
  }
}

interface Pass {
  readonly found: Leftovers;
  /** False when the user said no to something, or only wanted to see. */
  readonly isComplete: boolean;
}

async function pass(
  session: Session,
  crypt: CryptRemote,
  transition: Transition,
  label: string,
  options: RekeyOptions,
): Promise<Pass> {
  const { progress, signal } = session;
  const pool = createPool(session.options.transfers, session.options.maxBacklog);
  let lookedAt = progress.now();
  let isComplete = true;

  async function work(path: string, size: number): Promise<void> {
    try {
      if (progress.now() - lookedAt > lookInterval) {
        lookedAt = progress.now();
        await requireOurMarker(crypt, label, { signal });
      }
      if (await mayChange(session, 're-encrypt', path, size)) {
        await rekeyFile(session, transition, path, options);
        session.report.info(path, 'Re-encrypted');
      } else isComplete = false;
    } catch (error) {
      countError(session, path, 'Failed to re-encrypt', error);
    }
  }

  const onFile = (path: string, size: number): Awaitable<void> => {
    expectTransfer(progress, size);
    return pool.add(() => work(path, size));
  };
  const found = await leftoversOrNone(session, crypt, transition, onFile).finally(() => pool.drain());
  if (isComplete) await replaceFolders(session, transition, found.folders);
  return { found, isComplete };
}

async function leftoversOrNone(...args: Parameters<typeof findLeftovers>): Promise<Leftovers> {
  try {
    return await findLeftovers(...args);
  } catch (error) {
    // Nothing was ever written.
    if (isAbsence(error)) return { files: 0, folders: [] };
    throw error;
  }
}

/** Folders that are more than prefixes are made anew, and the old ones go, deepest first and as far as they are empty. */
async function replaceFolders(session: Session, transition: Transition, folders: readonly string[]): Promise<void> {
  const levels = new Map<number, string[]>();
  for (const dir of folders) {
    const depth = depthOf(dir);
    const level = levels.get(depth);
    if (level) level.push(dir);
    else levels.set(depth, [dir]);
  }
  for (const [, dirs] of [...levels].sort(([a], [b]) => b - a)) {
    await forEachParallel(dirs, session.options.transfers, session.signal, (dir) =>
      replaceFolder(session, transition, dir),
    );
  }
}

async function replaceFolder(session: Session, { current, previous }: Transition, dir: string): Promise<void> {
  const call = { signal: session.signal };
  try {
    if (!(await mayChange(session, 're-encrypt directory', dir))) return;
    await current.makeDir(dir, call);
    await previous.removeDir(dir, call);
  } catch (error) {
    if (isFailure(error, 'not-empty')) session.report.notice(dir, 'its old encrypted folder stays: it is not empty');
    else if (!isAbsence(error)) countError(session, dir, 'Failed to re-encrypt directory', error);
  }
}
