import { defineCommand } from '../../../command.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Remove the config file encryption password',
  help: `Makes the config file a plain file again, which only you can read. It asks for the password once more. A file that is not
sealed stays as it is.

    coffer config encryption remove`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ configFile }) {
    const file = configFile();
    if (await file.isSealed()) await file.seal(null);
  },
});
