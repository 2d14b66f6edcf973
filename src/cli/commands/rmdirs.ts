import { removeEmptyFolders } from '../../transfer/remove.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { openNoFile } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Remove empty directories under the path',
  help: `Removes every folder below the path that contains no file at any depth, and the path itself unless --leave-root is given.

    coffer rmdirs --leave-root results`,
  arguments: { min: 1, max: 1 },
  flags: { 'leave-root': toggle('Do not remove root directory if empty') },
  isRetried: true,
  async run(context) {
    const { session, flags, args } = context;
    await removeEmptyFolders(session, await openNoFile(context, args[0] ?? ''), { leaveRoot: flags['leave-root'] });
  },
});
