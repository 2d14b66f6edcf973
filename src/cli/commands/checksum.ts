import { openReports, reportFlags, reportHelp } from '../check-reports.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { parseHashType } from '../hash-name.ts';
import { checkSumFile } from '../sum-check.ts';

export const command = defineCommand({
  usage: '<hash> sumfile remote:path',
  summary: 'Checks the files in the source against a SUM file',
  help: `Compares files with a list of hashes, as sha256sum and \`hashsum\` write it, and changes nothing. Without --download the
hashes are asked of the store. A crypt remote keeps none: there --download reads the files and hashes them here. The list
may lie on a remote too. The exit code is 1 if something differs.

The list is the source, the files are the destination:

${reportHelp}

    coffer checksum sha256 job_6.sha256 job_6
    coffer checksum sha256 --download job_6.sha256 allas-crypt:job_6
    coffer checksum md5 --missing-on-dst todo.txt job_6.md5 allas:2001659-plain/job_6`,
  arguments: { min: 3, max: 3 },
  flags: { download: toggle('Check by hashing the contents'), ...reportFlags },
  showsStats: true,
  async run(context) {
    const [hash = '', sumFile = '', spec = ''] = context.args;
    const type = parseHashType(hash);
    await using reports = await openReports(context.io, context.flags);
    const { download, 'one-way': oneWay } = context.flags;
    await checkSumFile(context, { type, spec, sumFile, oneWay, download, onOutcome: reports.onOutcome });
  },
});
