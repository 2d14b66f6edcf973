import { defineCommand } from '../command.ts';
import { copyFlags } from '../transfer-flags.ts';
import { transferTo } from '../transfer-to.ts';

export const command = defineCommand({
  usage: 'source:path dest:path',
  summary: 'Copy files from source to dest, naming the destination file',
  help: `Copies one file to a name of your choice. Given a folder, it copies the contents, as \`copy\` does.

    coffer copyto hello.xrsl allas-crypt:job_6/renamed.xrsl`,
  arguments: { min: 2, max: 2 },
  flags: copyFlags,
  isRetried: true,
  showsStats: true,
  run: (context) => transferTo(context, 'copy'),
});
