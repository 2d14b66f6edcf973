import { listAheadFor } from '../transfer/list-ahead.ts';
import { type TransferMode, transferFile, transferTree } from '../transfer/sync.ts';
import type { CommandContext } from './command.ts';
import { openFilePath, openFolder, openTarget } from './source.ts';

/** Brings what the first argument names, a folder's contents or one file, into the folder that the second names. */
export async function transferInto(context: CommandContext, mode: TransferMode): Promise<void> {
  const [source = '', target = ''] = context.args;
  await using ahead = listAheadFor(context.session);
  const walking = { ...context, session: { ...context.session, ahead } };
  const { location, file } = await openTarget(walking, source);
  if (!file) {
    await transferTree(walking.session, location, await openFolder(walking, target), mode);
    return;
  }
  // One file has no siblings to delete.
  const to = await openFolder(context, target);
  await transferFile(context.session, location, file, to, file.path, mode === 'sync' ? 'copy' : mode);
}

/** Copies or moves a file to the very path that the second argument names, or a folder's contents into it. */
export async function transferTo(context: CommandContext, mode: 'copy' | 'move'): Promise<void> {
  const [source = '', target = ''] = context.args;
  const { location, file } = await openTarget(context, source);
  if (!file) return transferTree(context.session, location, await openFolder(context, target), mode);
  const { parent, name } = await openFilePath(context, target);
  await transferFile(context.session, location, file, parent, name, mode);
}
