import { defineCommand } from '../command.ts';
import { moveFlags } from '../transfer-flags.ts';
import { transferInto } from '../transfer-to.ts';

export const command = defineCommand({
  usage: 'source:path dest:path',
  summary: 'Move files from source to dest',
  help: `Moves the files in a folder, or one file, to another place. If the store can do it by itself, it does; otherwise each file
is copied and only then deleted at the source. Files that are already there are only deleted at the source.

    coffer move results allas-crypt:job_6/results
    coffer move --delete-empty-src-dirs --min-age 30d results allas-crypt:archive`,
  arguments: { min: 2, max: 2 },
  flags: moveFlags,
  isRetried: true,
  showsStats: true,
  run: (context) => transferInto(context, 'move'),
});
