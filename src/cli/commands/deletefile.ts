import { Failure } from '../../core/failure.ts';
import { deleteFile } from '../../transfer/deletions.ts';
import { defineCommand } from '../command.ts';
import { findTarget } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Remove a single file from remote',
  help: `Deletes one file. It never deletes a folder, and it ignores filters.

    coffer deletefile allas-crypt:job_6/hello.xrsl`,
  arguments: { min: 1, max: 1 },
  flags: {},
  isRetried: true,
  async run(context) {
    const [spec = ''] = context.args;
    const { location, file } = await findTarget(context, spec);
    if (!file) throw new Failure('not-found', `${spec} is a directory or doesn't exist`, { path: spec });
    await deleteFile(context.session, location, file);
  },
});
