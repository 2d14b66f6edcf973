import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { folderLine } from '../format/lines.ts';
import { atDepth, now, shownEntry, sizeStyle, walkTarget } from '../listing.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'List all directories/containers/buckets in the path',
  help: `Lists the folders in a path, or the containers or buckets of a remote: one per line, with its size in bytes, its modification
time if the store keeps one, the number of its files, and its name. -1 means that the store does not count (Swift counts only
for its containers). \`lsf --dirs-only\` prints only the names.

    coffer lsd allas:
    coffer lsd -R allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags: { recursive: toggle('Recurse into the listing', 'R') },
  async run(context) {
    const { flags, args, io } = context;
    await walkTarget(atDepth(context, flags.recursive), args[0] ?? '', async (page) => {
      let text = '';
      for (const entry of page) {
        if (entry.kind !== 'folder') continue;
        text += `${folderLine(shownEntry(context, entry), entry.modified ?? now(context), sizeStyle(context))}\n`;
      }
      if (text !== '') await io.stdout.write(text);
    });
  },
});
