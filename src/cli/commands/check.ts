import { byHash, byReading, checkTrees } from '../../transfer/check.ts';
import { commonHash } from '../../transfer/compare.ts';
import { openReports, reportFlags, reportHelp } from '../check-reports.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { optionalText, toggle } from '../flags.ts';
import { parseHashType } from '../hash-name.ts';
import { openFolder, openTarget } from '../source.ts';
import { checkSumFile } from '../sum-check.ts';

const flags = {
  download: toggle('Check by downloading rather than with hash'),
  checkfile: optionalText('Treat source:path as a SUM file with hashes of given type', {
    short: 'C',
    placeholder: 'hash',
  }),
  ...reportFlags,
};

export const command = defineCommand({
  usage: 'source:path dest:path',
  summary: 'Checks the files in the source and destination match',
  help: `Compares two folders and changes nothing: first sizes, then a hash that both stores keep. If there is no such hash, as on
a crypt remote, only sizes are compared, unless --download reads both sides; for a crypt remote, \`cryptcheck\` is cheaper.
--size-only is quick. The exit code is 1 if something differs.

${reportHelp}

With --checkfile and the name of a hash, the source is a file as sha256sum writes it.

    coffer check job_6 /backup/job_6
    coffer check --download job_6 allas-crypt:job_6
    coffer check --one-way --missing-on-dst todo.txt job_6 allas-crypt:job_6
    coffer check --checkfile sha256 job_6.sha256 job_6`,
  arguments: { min: 2, max: 2 },
  flags,
  showsStats: true,
  async run(context) {
    await using reports = await openReports(context.io, context.flags);
    const { onOutcome } = reports;
    const [source = '', target = ''] = context.args;
    if (context.flags.checkfile !== undefined) {
      const { download, 'one-way': oneWay, checkfile } = context.flags;
      const type = parseHashType(checkfile);
      return checkSumFile(context, { type, spec: target, sumFile: source, oneWay, download, onOutcome });
    }
    await checkPlaces(context, source, target, onOutcome);
  },
});

async function checkPlaces(
  context: CommandContext<typeof flags>,
  source: string,
  target: string,
  onOutcome: Parameters<typeof checkTrees>[1]['onOutcome'],
): Promise<void> {
  const { session, log } = context;
  const { location: from, file } = await openTarget(context, source);
  const to = await openFolder(context, target);
  const type = commonHash(from, to);
  if (!context.flags.download) {
    if (type) log.info('', `Using ${type} for hash comparisons`);
    else log.error('', 'No common hash found - not using a hash for checks');
  }
  const compare = context.flags.download ? byReading(session, from, to) : byHash(session, from, to);
  await checkTrees(session, { from, to, file, oneWay: context.flags['one-way'], compare, onOutcome });
}
