import { tmpdir } from 'node:os';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Show paths used for configuration and temporary files',
  help: `Says where the config file is and where temporary files go. coffer keeps no cache.

    coffer config paths`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ configFile, io }) {
    await io.stdout.write(`Config file: ${configFile().path ?? ''}\nTemp dir:    ${tmpdir()}\n`);
  },
});
