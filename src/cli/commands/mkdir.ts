import { makeFolder } from '../../transfer/remove.ts';
import { defineCommand } from '../command.ts';
import { openFolder } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: "Make the path if it doesn't already exist",
  help: `Makes a folder and its parent folders, or a bucket. Object stores have no empty folders: there only the bucket is made.

    coffer mkdir allas:2001659-crypt`,
  arguments: { min: 1, max: 1 },
  flags: {},
  isRetried: true,
  run: async (context) => makeFolder(context.session, await openFolder(context, context.args[0] ?? '')),
});
