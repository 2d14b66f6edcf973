import { transferFile, transferTree } from '../transfer/sync.ts';
import type { CommandContext } from './command.ts';
import { openFilePath, openFolder, openTarget } from './source.ts';

/** Copies or moves a file to the very path that the second argument names, or a folder's contents into it. */
export async function transferTo(context: CommandContext, mode: 'copy' | 'move'): Promise<void> {
  const [source = '', target = ''] = context.args;
  const { location, file } = await openTarget(context, source);
  if (!file) return transferTree(context.session, location, await openFolder(context, target), mode);
  const { parent, name } = await openFilePath(context, target);
  await transferFile(context.session, location, file, parent, name, mode);
}
