import { addBucket } from '../../../sharing/access/known-buckets.ts';
import { defineCommand } from '../../command.ts';
import { optionalText } from '../../flags.ts';

export const command = defineCommand({
  usage: 'remote:bucket',
  summary: 'Remember a bucket that somebody shares to you',
  help: `Writes a remote for the bucket of another project into your config: an alias, which rclone takes too, with the name of
the bucket unless --name says another. The owner tells you what to write for it, \`coffer make-shared-bucket\` prints that:
on Swift the address of their storage belongs to it.

    coffer buckets add 'allas,storage_url="https://a3s.fi/swift/v1/AUTH_0123abcd":animine_data_import_1'
    coffer lsf animine_data_import_1:`,
  arguments: { min: 1, max: 1 },
  flags: { name: optionalText('What to call it here (default the name of the bucket)') },
  async run({ args, flags, io, location, configFile }) {
    const [place = ''] = args;
    // What is no remote is to be told before it is written down.
    await location(place);
    const { name } = await configFile().update((draft) => addBucket(draft, place, flags.name));
    await io.stdout.write(`${name}: is ${place}\n`);
  },
});
