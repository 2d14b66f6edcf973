import { deleteFile } from '../../transfer/deletions.ts';
import { deleteFiles, removeEmptyFolders } from '../../transfer/remove.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { openTarget } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Remove the files in path',
  help: `Deletes the files below a path but keeps the folders (--rmdirs removes those that are then empty). Unlike \`purge\`, it
obeys the filters. Try it with --dry-run first.

    coffer delete -n --min-age 90d allas-crypt:scratch
    coffer delete --include '*.tmp' allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags: { rmdirs: toggle('Remove empty directories but leave root intact') },
  isRetried: true,
  async run(context) {
    const { session, flags, args } = context;
    const { location, file } = await openTarget(context, args[0] ?? '');
    if (file) return deleteFile(session, location, file);
    await deleteFiles(session, location);
    if (flags.rmdirs) await removeEmptyFolders(session, location, { leaveRoot: true });
  },
});
