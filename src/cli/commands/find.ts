import { Failure, messageOf } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import { listedFiles } from '../../packing/file-listing.ts';
import { findObjects, readDescriptions } from '../../packing/found-objects.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { optionalText, toggle } from '../flags.ts';
import { countOf } from '../format/file-count.ts';
import { shownPath } from '../listing.ts';
import { type OpeningKeys, openingFlags, openingKeys } from '../packing/passwords.ts';
import { openPlace, placeBelow, storeFlags } from '../packing/place.ts';

const flags = {
  bucket: optionalText('Where to look: bucket, bucket/prefix or remote:bucket (default: all buckets)', { short: 'b' }),
  all: toggle('Look in all buckets (the default)', 'a'),
  files: toggle('Show the files that match, not only how many', 'f'),
  silent: toggle('Leave out the sum at the end', 's'),
  ...openingFlags,
  ...storeFlags,
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'query',
  summary: 'Find objects by their names and by the files in them, as a-find does',
  help: `Searches the names of objects, and the names of the files in them as their descriptions (_ameta) list them, for a regular
expression. Prints a line for each object, with the number of its files that match; with --files, a line for each file.

Encrypted descriptions are opened with your secret key (--sk) or the password; at the end you are told how many did not
open. Objects stored with --no-ameta or --skip-filelist are found only by their own names.

    coffer find sample_12
    coffer find '\\.fastq$' -f -b my_bucket --sk project.key`,
  arguments: { min: 1, max: 1 },
  flags,
  async run(context) {
    const query = queryOf(context.args[0] ?? '');
    const spec = context.flags.bucket ?? '';
    const at = await openPlace(context, spec);
    await find(context, at, spec, query, openingKeys(context));
  },
});

function queryOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new Failure('usage', `"${text}" is not a regular expression: ${messageOf(error)}`, { cause: error });
  }
}

async function find(context: Context, at: Location, spec: string, query: RegExp, keys: OpeningKeys): Promise<void> {
  const { session, flags, io } = context;
  const found = { names: 0, files: 0, objects: 0, closed: 0 };
  const say = (line: string): Promise<void> => io.stdout.write(`${shownPath(context, line)}\n`);
  const objects = await findObjects(session, at);
  await readDescriptions(session, at, objects, keys, async ({ file }, { ameta, closed }) => {
    await keys.answered();
    const place = placeBelow(spec, file.path);
    const matches = ameta ? listedFiles(ameta.listing).filter(({ path }) => query.test(path)) : [];
    const isNamed = query.test(file.path);
    if (closed !== null) found.closed++;
    if (isNamed) found.names++;
    if (matches.length > 0) found.objects++;
    found.files += matches.length;
    if (isNamed && matches.length === 0) await say(place);
    if (matches.length > 0 && !flags.files) await say(`${place} ${matches.length}`);
    if (flags.files) for (const { path } of matches) await say(`${place} ${path}`);
  });
  if (!flags.silent) await io.stderr.write(sumOf(found));
  if (found.closed > 0) {
    const closed = countOf(found.closed, 'description');
    session.report.notice('', `${closed} did not open with your keys: what is in those objects is not known`);
  }
}

function sumOf(found: Readonly<Record<'names' | 'files' | 'objects', number>>): string {
  const files = `${countOf(found.files, 'file')} in ${countOf(found.objects, 'object')}`;
  return `Found ${countOf(found.names, 'object name')}, and ${files}\n`;
}
