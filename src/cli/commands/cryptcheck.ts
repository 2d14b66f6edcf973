import { Failure } from '../../core/failure.ts';
import { hashTypes } from '../../core/hash.ts';
import { checkTrees } from '../../transfer/check.ts';
import { bySealing } from '../../transfer/crypt-check.ts';
import { placeName } from '../../transfer/place.ts';
import { openReports, reportFlags, reportHelp } from '../check-reports.ts';
import { defineCommand } from '../command.ts';
import { requireCrypt } from '../sealed-names.ts';
import { openFolder, openTarget } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path cryptedremote:path',
  summary: 'Checks the integrity of a crypted remote',
  help: `Compares plain files with a crypt remote without downloading it: for each file, it fetches the first bytes of the encrypted
one, encrypts the plain one in the same way, and compares the hash with the one that the store keeps. The store below the
crypt remote must keep hashes. The exit code is 1 if something differs.

${reportHelp}

    coffer cryptcheck job_6 allas-crypt:job_6
    coffer cryptcheck --one-way --combined report.txt job_6 allas-crypt:job_6`,
  arguments: { min: 2, max: 2 },
  flags: reportFlags,
  showsStats: true,
  async run(context) {
    const { session, flags, io, log, args } = context;
    const [source = '', target = ''] = args;
    const to = await openFolder(context, target);
    const crypt = requireCrypt(to);
    const { features } = crypt.base.remote;
    const type = hashTypes.find((candidate) => features.hashes.includes(candidate));
    if (!type) throw new Failure('unsupported', `${placeName(crypt.base)} does not support any hashes`);
    log.info('', `Using ${type} for hash comparisons`);
    const { location: from, file } = await openTarget(context, source);
    await using reports = await openReports(io, flags);
    const compare = bySealing(session, from, to, crypt, type);
    await checkTrees(session, { from, to, file, oneWay: flags['one-way'], compare, onOutcome: reports.onOutcome });
  },
});
