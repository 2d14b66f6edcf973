import { Failure } from '../core/failure.ts';
import { isInside } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { commonHash, modifyWindow } from './compare.ts';
import type { RenameStrategy } from './rename-strategy.ts';
import type { Session } from './session.ts';
import type { TransferMode } from './transfer.ts';

/** The session without what a transfer of a tree cannot heed, which is told. Throws for flags that exclude each other. */
export function withoutContradictions(session: Session, from: Location, to: Location, mode: TransferMode): Session {
  const { options, report, filter } = session;
  if (mode === 'sync' && options.trackRenames && options.deleteMode === 'before')
    throw new Failure('fatal', "can't use --delete-before with --track-renames");
  if (options.noCheckDest && mode === 'sync')
    throw new Failure('usage', "can't use --no-check-dest with sync: use copy instead");
  if (options.noCheckDest && options.immutable)
    throw new Failure('usage', "can't use --no-check-dest with --immutable");
  const noTraverse = options.noTraverse && !options.noCheckDest && mode !== 'sync';
  if (mode === 'sync' && options.noTraverse && !filter.files) report.error('', 'Ignoring --no-traverse with sync');
  const obstacles = options.trackRenames ? obstaclesToRenames(session, options.trackRenames, from, to, mode) : [];
  for (const obstacle of obstacles) report.error('', `Ignoring --track-renames as ${obstacle}`);
  const trackRenames = obstacles.length === 0 ? options.trackRenames : null;
  const deleteMode = trackRenames ? 'after' : options.deleteMode;
  // What is copied into its own source would be met there again.
  const checkFirst = options.checkFirst || (from.remote === to.remote && isInside(from.path, to.path));
  return { ...session, options: { ...options, noTraverse, trackRenames, deleteMode, checkFirst } };
}

function obstaclesToRenames(
  session: Session,
  strategy: RenameStrategy,
  from: Location,
  to: Location,
  mode: TransferMode,
): string[] {
  const obstacles: string[] = [];
  if (!to.remote.move && !to.remote.copy) obstacles.push('the destination does not support server-side move or copy');
  if (strategy.hash && !commonHash(from, to)) obstacles.push('the source and destination do not have a common hash');
  if (strategy.modified && modifyWindow(session, from, to) === null)
    obstacles.push('either the source or destination do not support modtime');
  if (mode !== 'sync') obstacles.push("it doesn't work with copy or move, only sync");
  return obstacles;
}
