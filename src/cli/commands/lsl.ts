import { createDetails } from '../../transfer/details.ts';
import { defineCommand } from '../command.ts';
import { longLine } from '../format/lines.ts';
import { now, shownEntry, sizeStyle, walkTarget } from '../listing.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'List the objects in path with modification time, size and path',
  help: `Lists every file below a path, one per line, with its size in bytes and its modification time. Object stores have to be
asked for the time of each file: there \`ls\` is quicker.

    coffer lsl allas-crypt:job_6
    coffer lsl --max-depth 1 --max-age 7d allas-crypt:`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run(context) {
    const { session, args, io } = context;
    const details = createDetails(session, { modified: true, mimeType: false, hashes: [] });
    await walkTarget(context, args[0] ?? '', async (page, at) => {
      const files = page.filter((entry) => entry.kind === 'file');
      for await (const batch of details(files, at)) {
        let text = '';
        for (const file of batch) {
          if (file.kind !== 'file') continue;
          text += `${longLine(shownEntry(context, file), file.modified ?? now(context), sizeStyle(context))}\n`;
        }
        await io.stdout.write(text);
      }
    });
  },
});
