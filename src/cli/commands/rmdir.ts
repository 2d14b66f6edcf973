import { removeFolder } from '../../transfer/remove.ts';
import { defineCommand } from '../command.ts';
import { openNoFile } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Remove the empty directory at path',
  help: `Removes one folder or bucket, if it is empty. \`rmdirs\` removes all empty folders below a path, and \`purge\` a folder
with everything in it.

    coffer rmdir allas:old-bucket`,
  arguments: { min: 1, max: 1 },
  flags: {},
  isRetried: true,
  run: async (context) => removeFolder(context.session, await openNoFile(context, context.args[0] ?? '')),
});
