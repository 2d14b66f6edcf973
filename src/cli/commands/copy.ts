import { defineCommand } from '../command.ts';
import { copyFlags } from '../transfer-flags.ts';
import { transferInto } from '../transfer-to.ts';

export const command = defineCommand({
  usage: 'source:path dest:path',
  summary: 'Copy files from source to dest, skipping identical files',
  help: `Copies the files in a folder, or one file, to another place. Files that are already there with the same size and
modification time are skipped; nothing is ever deleted. The *contents* of a folder are copied, not the folder itself.

A file arrives whole or not at all. If some files fail, they are named and the others are copied; run the same command
again to copy what is missing. Files that are already in the folder of --compare-dest are skipped; those in the folder of
--copy-dest are copied from there by the store itself.

    coffer copy job_6 allas-crypt:job_6             # encrypt and upload a folder
    coffer copy allas-crypt:job_6/hello.xrsl ./     # fetch and decrypt one file
    coffer copy -n job_6 allas-crypt:job_6          # only show what would be done
    coffer copy -P --transfers 8 a: b:              # remote to remote, with progress`,
  arguments: { min: 2, max: 2 },
  flags: copyFlags,
  isRetried: true,
  showsStats: true,
  run: (context) => transferInto(context, 'copy'),
});
