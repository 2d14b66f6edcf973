import { createEmptyFile, isFolder, touchFile, touchFiles } from '../../transfer/touch.ts';
import { defineCommand } from '../command.ts';
import { optionalText, toggle } from '../flags.ts';
import { atDepth, now } from '../listing.ts';
import { endsInName, findTarget } from '../source.ts';
import { parseTimestamp } from '../timestamp.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Create new file or change file modification time',
  help: `Sets the modification time of a file, or of the files in a folder, to now or to --timestamp; with --recursive also of the
files in the folders below. Filters apply. If there is nothing at that path, an empty file is made, unless --no-create or
--recursive is given.

A timestamp is YYMMDD, YYYY-MM-DDTHH:MM:SS or YYYY-MM-DDTHH:MM:SS.SSS, in UTC unless --localtime is given.

    coffer touch allas-crypt:job_6/done
    coffer touch -C -t 2024-02-29T12:00:00 allas-crypt:job_6/hello.xrsl
    coffer touch -R -n --include '*.bam' allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags: {
    localtime: toggle('Use localtime for timestamp, not UTC'),
    'no-create': toggle('Do not create the file if it does not exist (implied with --recursive)', 'C'),
    recursive: toggle('Recursively touch all files', 'R'),
    timestamp: optionalText('Use specified time instead of the current time of day', { short: 't' }),
  },
  isRetried: true,
  async run(context) {
    const { session, flags, args, log } = context;
    const [spec = ''] = args;
    const modified = flags.timestamp === undefined ? now(context) : parseTimestamp(flags.timestamp, flags.localtime);
    const { location, file } = await findTarget(context, spec);
    if (file) return touchFile(session, location, file, modified);
    if (await isFolder(session, location)) {
      return touchFiles(atDepth(context, flags.recursive).session, location, modified);
    }
    if (flags['no-create'] || flags.recursive) {
      const flag = flags.recursive ? '--recursive' : '--no-create';
      log.notice(spec, `Not touching nonexistent file due to ${flag}`);
    } else if (endsInName(location, spec)) await createEmptyFile(session, location, modified);
    else log.notice(spec, 'Not touching empty directory');
  },
});
