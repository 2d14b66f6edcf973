import { defineCommand } from '../../../command.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Remove the config file encryption password',
  help: `Writes the config file plain again, readable by you only. The password is asked for once more. A file that is plain stays
as it is.

    coffer config encryption remove`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ configFile }) {
    const file = configFile();
    if (await file.isSealed()) await file.seal(null);
  },
});
