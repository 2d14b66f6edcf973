import { defineCommand } from '../command.ts';
import { fileLine } from '../format/lines.ts';
import { shownEntry, sizeStyle, walkTarget } from '../listing.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'List the objects in the path with size and path',
  help: `Lists every file below a path, one per line, with its size in bytes. Folders are searched too, unless \`--max-depth 1\` is
given. On a crypt remote you see the decrypted names, and the sizes of the decrypted files.

    coffer ls allas-crypt:job_6            # plain names, plain sizes
    coffer ls allas:2001659-crypt          # what the store sees
    coffer ls --include '*.vcf' allas-crypt:`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run(context) {
    await walkTarget(context, context.args[0] ?? '', async (page) => {
      let text = '';
      for (const entry of page) {
        if (entry.kind === 'file') text += `${fileLine(shownEntry(context, entry), sizeStyle(context))}\n`;
      }
      if (text !== '') await context.io.stdout.write(text);
    });
  },
});
