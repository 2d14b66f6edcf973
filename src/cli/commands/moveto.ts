import { defineCommand } from '../command.ts';
import { moveFlags } from '../transfer-flags.ts';
import { transferTo } from '../transfer-to.ts';

export const command = defineCommand({
  usage: 'source:path dest:path',
  summary: 'Move file or directory from source to dest',
  help: `Moves or renames one file to a name of your choice. Given a folder, it moves the contents, as \`move\` does.

    coffer moveto allas-crypt:job_6/old.txt allas-crypt:job_6/new.txt`,
  arguments: { min: 2, max: 2 },
  flags: moveFlags,
  isRetried: true,
  showsStats: true,
  run: (context) => transferTo(context, 'move'),
});
