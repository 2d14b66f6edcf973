import type { HashType } from '../../core/hash.ts';
import type { Location } from '../../core/remote.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';
import { createDetails } from '../../transfer/details.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { optionalText, textFlag, toggle } from '../flags.ts';
import { createLsfFormat, type LsfFormat } from '../format/lsf.ts';
import { parseHashType } from '../hash-name.ts';
import { atDepth, isListed, kindFlags, now, walkOpened } from '../listing.ts';
import { visible } from '../log.ts';
import { mimeTypes } from '../mime-types.ts';
import { sealedNames } from '../sealed-names.ts';
import { openTarget } from '../source.ts';

const flags = {
  absolute: toggle('Put a leading / in front of path names'),
  csv: toggle('Output in CSV format'),
  'dir-slash': toggle('Append a slash to directory names', 'd', true),
  ...kindFlags,
  format: textFlag('Output format - see help for details', { short: 'F', initial: 'p' }),
  hash: textFlag('Use this hash when `h` is used in the format', { placeholder: 'hash', initial: 'md5' }),
  recursive: toggle('Recurse into the listing', 'R'),
  separator: optionalText('Separator for the items in the format', { short: 's', shownDefault: '";"' }),
};

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'List directories and objects in remote:path formatted for parsing',
  help: `Lists the files and folders in a path for scripts: one per line, folders with a slash at the end. --format says what each
line shows, in the order of the letters, with --separator between them:

    p path                  h hash (--hash says which)     T storage tier
    s size                  i ID of the object             M metadata as JSON
    t modification time     o ID of the object below       e encrypted name
    m MIME type

i, o and T stay empty: no remote here has them. A name may contain the separator, so put p last, or use --csv.

    coffer lsf allas-crypt:job_6
    coffer lsf -R --files-only --format tsp allas-crypt:job_6
    coffer lsf --format pe allas-crypt:job_6              # plain and encrypted names
    coffer lsf -R --absolute --files-only --max-age 1d job_6 > new && coffer copy --files-from-raw new job_6 allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags,
  async run(context) {
    const { session, args, io } = context;
    const target = await openTarget(context, args[0] ?? '');
    const hash = parseHashType(context.flags.hash);
    const format = await lsfFormat(context, target.location, hash);
    const { hash: wantsHash, ...needs } = format.needs;
    const details = createDetails(session, { ...needs, hashes: wantsHash ? [hash] : [] });
    await walkOpened(atDepth(context, context.flags.recursive), target, async (page) => {
      const shown = page.filter((entry) => isListed(context.flags, entry));
      for await (const batch of details(shown, target.location)) {
        let text = '';
        for (const entry of batch) text += `${shownLine(context, format.write(entry))}\n`;
        if (text !== '') await io.stdout.write(text);
      }
    });
  },
});

async function lsfFormat(context: CommandContext<typeof flags>, at: Location, hash: HashType): Promise<LsfFormat> {
  const { format, separator = null, csv, absolute, 'dir-slash': dirSlash } = context.flags;
  return createLsfFormat(format, {
    ...{ separator, csv, absolute, dirSlash, hash },
    unknownTime: now(context),
    mimeType: format.includes('m') ? await mimeTypes() : () => '',
    encryptedName: asCrypt(at.remote) && sealedNames(at),
  });
}

/** Control characters in names are shown, not sent to a terminal; one that separates stays. */
function shownLine(context: CommandContext<typeof flags>, line: string): string {
  const { separator = '' } = context.flags;
  if (!context.io.stdout.isTerminal) return line;
  return separator === '' ? visible(line) : line.split(separator).map(visible).join(separator);
}
