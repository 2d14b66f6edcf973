import { removeBucket } from '../../../sharing/access/known-buckets.ts';
import { mayChange } from '../../../transfer/session.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: 'name',
  summary: 'Forget a bucket of somebody else',
  help: `Removes from your config a remote that \`coffer buckets add\` wrote. The bucket itself stays as it is.

    coffer buckets remove animine_data_import_1:`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, configFile, session }) {
    const name = (args[0] ?? '').replace(/:$/, '');
    if (!(await mayChange(session, 'remove', name))) return;
    await configFile().update((draft) => removeBucket(draft, name));
  },
});
