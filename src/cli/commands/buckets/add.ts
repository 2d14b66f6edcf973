import { addBucket } from '../../../sharing/access/known-buckets.ts';
import { mayChange } from '../../../transfer/session.ts';
import { defineCommand } from '../../command.ts';
import { optionalText } from '../../flags.ts';

export const command = defineCommand({
  usage: 'remote:bucket',
  summary: 'Remember a bucket that somebody shares with you',
  help: `Writes a remote for the bucket of another project into your config. It is an alias, which works in rclone too, with the name
of the bucket unless you give another with --name. The owner tells you which place to give, as \`coffer make-shared-bucket\`
prints it; on Swift it includes the address of their storage.

    coffer buckets add 'allas,storage_url="https://a3s.fi/swift/v1/AUTH_0123abcd":animine_data_import_1'
    coffer lsf animine_data_import_1:`,
  arguments: { min: 1, max: 1 },
  flags: { name: optionalText('Name of the remote (default: the name of the bucket)') },
  async run({ args, flags, io, location, configFile, session }) {
    const [place = ''] = args;
    // What is no remote is to be told before it is written down.
    await location(place);
    if (!(await mayChange(session, 'add', place))) return;
    const { name } = await configFile().update((draft) => addBucket(draft, place, flags.name));
    await io.stdout.write(`${name}: is ${place}\n`);
  },
});
