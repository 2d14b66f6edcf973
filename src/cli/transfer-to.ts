import { Failure, isFailure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { listAheadFor } from '../transfer/list-ahead.ts';
import { type TransferPlaces, transferFile, transferTree } from '../transfer/sync.ts';
import type { TransferMode } from '../transfer/transfer.ts';
import type { CommandContext } from './command.ts';
import { openFilePath, openFolder, openTarget } from './source.ts';
import type { copyFlags } from './transfer-flags.ts';

type TransferContext = CommandContext<typeof copyFlags>;

/** Brings what the first argument names, a folder's contents or one file, into the folder that the second names. */
export async function transferInto(context: TransferContext, mode: TransferMode): Promise<void> {
  const [source = '', target = ''] = context.args;
  await using ahead = listAheadFor(context.session);
  const walking = { ...context, session: { ...context.session, ahead } };
  const { location, file } = await openTarget(walking, source);
  if (!file) return await transferFolder(walking, location, target, mode);
  // One file has no siblings to delete.
  const to = await openFolder(context, target);
  const ofFile = mode === 'sync' ? 'copy' : mode;
  await transferFile(context.session, location, file, to, file.path, ofFile, await openPlaces(context));
}

/** Copies or moves a file to the very path that the second argument names, or a folder's contents into it. */
export async function transferTo(context: TransferContext, mode: 'copy' | 'move'): Promise<void> {
  const [source = '', target = ''] = context.args;
  await using ahead = listAheadFor(context.session);
  const walking = { ...context, session: { ...context.session, ahead } };
  const { location, file } = await openTarget(walking, source);
  if (!file) return await transferFolder(walking, location, target, mode);
  const { parent, name } = await openFilePath(context, target);
  await transferFile(context.session, location, file, parent, name, mode, await openPlaces(context));
}

/** The source is listed while the target opens, for which it may need a login or its keys. */
async function transferFolder(walking: TransferContext, from: Location, target: string, mode: TransferMode) {
  const opening = openFolder(walking, target);
  walking.session.ahead?.begin(from, opening);
  await transferTree(walking.session, from, await opening, mode, await openPlaces(walking));
}

async function openPlaces(context: TransferContext): Promise<TransferPlaces> {
  const backupDir = context.flags['backup-dir'];
  return { backupDir: backupDir === '' ? null : await openFor('--backup-dir', context, backupDir) };
}

/** Throws Failure('fatal') for what is no folder, or of no remote. */
async function openFor(flag: string, context: TransferContext, spec: string): Promise<Location> {
  try {
    return await openFolder(context, spec);
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    throw new Failure('fatal', `failed to make fs for ${flag} "${spec}": ${error.message}`, { cause: error });
  }
}
