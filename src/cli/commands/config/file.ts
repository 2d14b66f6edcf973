import { existsSync } from 'node:fs';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Show path of configuration file in use',
  help: `Shows where the config file is, or would be made: as --config or RCLONE_CONFIG says, otherwise in rclone's place.

    coffer config file`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ configFile, io }) {
    const { path } = configFile();
    await io.stdout.write(path === null ? 'Configuration is in memory only\n' : `${placeOf(path)}\n${path}\n`);
  },
});

function placeOf(path: string): string {
  return existsSync(path)
    ? 'Configuration file is stored at:'
    : "Configuration file doesn't exist, but coffer will use this path:";
}
