import { defineCommand } from '../command.ts';
import { syncFlags } from '../transfer-flags.ts';
import { transferInto } from '../transfer-to.ts';

export const command = defineCommand({
  usage: 'source:path dest:path',
  summary: 'Make source and dest identical, modifying destination only',
  help: `Makes the destination contain exactly what the source contains: copies what is new or changed, and then DELETES at the
destination what the source does not have. Try it with --dry-run first.

Deletions wait until every copy has succeeded: if one file fails, nothing is deleted. --delete-before makes room first, and
--delete-during deletes along the way, whether copies succeed or not. Files that the filters leave out are not deleted,
unless you say --delete-excluded; --max-delete sets a limit. With --backup-dir or --suffix nothing is lost: what would be
overwritten or deleted is moved there.

With --track-renames a file that was renamed at the source is renamed at the destination instead of being sent again. It is
recognized by its checksum. A crypt remote has no checksums: there, use --track-renames-strategy modtime,leaf.

    coffer sync -n job_6 allas-crypt:job_6      # show what would change
    coffer sync -P job_6 allas-crypt:job_6
    coffer sync --max-delete 10 job_6 allas-crypt:job_6
    coffer sync --backup-dir allas-crypt:before/2026-01-31 job_6 allas-crypt:job_6`,
  arguments: { min: 2, max: 2 },
  flags: syncFlags,
  isRetried: true,
  showsStats: true,
  run: (context) => transferInto(context, 'sync'),
});
