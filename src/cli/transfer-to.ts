import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { type TransferPlaces, transferFile, transferTree } from '../transfer/sync.ts';
import type { TransferMode } from '../transfer/transfer.ts';
import type { CommandContext } from './command.ts';
import { listingAhead, noteAbsence } from './listing.ts';
import { findTarget, openFilePath, openFolder, openTarget } from './source.ts';
import type { copyFlags } from './transfer-flags.ts';

type TransferContext = CommandContext<typeof copyFlags>;

/** Brings what the first argument names, a folder's contents or one file, into the folder that the second names. As in
 *  rclone, filters do not concern one file. */
export function transferInto(context: TransferContext, mode: TransferMode): Promise<void> {
  return transfer(context, mode, findTarget, async (from, file, target) => {
    // One file has no siblings to delete.
    const ofFile = mode === 'sync' ? 'copy' : mode;
    const to = await openFolder(context, target);
    await transferFile(context.session, { from, file, to, path: file.path }, ofFile, await openPlaces(context));
  });
}

/** Copies or moves a file to the very path that the second argument names, or a folder's contents into it. */
export function transferTo(context: TransferContext, mode: 'copy' | 'move'): Promise<void> {
  return transfer(context, mode, openTarget, async (from, file, target) => {
    const { parent, name } = await openFilePath(context, target);
    await transferFile(context.session, { from, file, to: parent, path: name }, mode, await openPlaces(context));
  });
}

type TransferOne = (from: Location, file: FileEntry, target: string) => Promise<void>;

function transfer(
  context: TransferContext,
  mode: TransferMode,
  openSource: typeof openTarget,
  transferOne: TransferOne,
): Promise<void> {
  const [source = '', target = ''] = context.args;
  return listingAhead(context, 'list', async (walking) => {
    const { location, file } = await openSource(walking, source);
    await (file ? transferOne(location, file, target) : transferFolder(walking, location, target, mode));
  });
}

/** The source is listed while the target opens, for which it may need a login or its keys. */
async function transferFolder(walking: TransferContext, from: Location, target: string, mode: TransferMode) {
  const opening = openFolder(walking, target);
  walking.session.ahead?.begin(from, opening);
  await transferTree(walking.session, from, await opening, mode, await openPlaces(walking));
  const { checks, totalTransfers } = walking.session.progress;
  if (checks + totalTransfers === 0) await noteAbsence(walking, from);
}

async function openPlaces(context: TransferContext): Promise<TransferPlaces> {
  const { 'backup-dir': backupDir, 'compare-dest': compareDest, 'copy-dest': copyDest } = context.flags;
  if (compareDest.length > 0 && copyDest.length > 0)
    throw new Failure('usage', "can't use --compare-dest with --copy-dest");
  return {
    backupDir: backupDir === '' ? null : await openFor('--backup-dir', context, backupDir),
    compareDest: await Promise.all(compareDest.map((spec) => openFor('--compare-dest', context, spec))),
    copyDest: await Promise.all(copyDest.map((spec) => openFor('--copy-dest', context, spec))),
  };
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
