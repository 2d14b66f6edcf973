import { tmpdir } from 'node:os';
import { defineCommand } from '../../command.ts';
import { defaultCacheFolder } from '../../mount/cache-folder.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Show paths used for configuration and temporary files',
  help: `Shows where the config file, the caches of mounts and temporary files are.

    coffer config paths`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ configFile, io }) {
    const cache = defaultCacheFolder(io.environment);
    await io.stdout.write(`Config file: ${configFile().path ?? ''}\nCache dir:   ${cache}\nTemp dir:    ${tmpdir()}\n`);
  },
});
