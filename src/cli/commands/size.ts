import { formatByteUnit } from '../../core/size.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { formatCount } from '../format/count.ts';
import { walkTarget } from '../listing.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Prints the total size and number of objects in remote:path',
  help: `Counts the files below a path and adds up their sizes. On a crypt remote these are the sizes of the decrypted files.

    coffer size allas-crypt:job_6
    coffer size --json allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags: { json: toggle('Format output as JSON') },
  async run(context) {
    let count = 0;
    let bytes = 0;
    let sizeless = 0;
    await walkTarget(context, context.args[0] ?? '', (page) => {
      for (const entry of page) {
        if (entry.kind !== 'file') continue;
        count++;
        if (entry.size < 0) sizeless++;
        else bytes += entry.size;
      }
    });
    const text = context.flags.json
      ? `${JSON.stringify({ count, bytes, sizeless })}\n`
      : `Total objects: ${countText(count)}\nTotal size: ${formatByteUnit(bytes)} (${bytes} Byte)\n${sizelessText(sizeless)}`;
    await context.io.stdout.write(text);
  },
});

/** `2 (2)`, `12.346k (12346)`. */
function countText(count: number): string {
  return `${formatCount(count)} (${count})`;
}

function sizelessText(sizeless: number): string {
  return sizeless === 0 ? '' : `Total objects with unknown size: ${countText(sizeless)}\n`;
}
