import { purge } from '../../transfer/remove.ts';
import { defineCommand } from '../command.ts';
import { openNoFile } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Remove the path and all of its contents',
  help: `Deletes a folder or a bucket with EVERYTHING in it; filters are ignored (\`delete\` obeys them).

    coffer purge -n allas-crypt:job_6
    coffer purge allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags: {},
  isRetried: true,
  run: async (context) => purge(context.session, await openNoFile(context, context.args[0] ?? '')),
});
