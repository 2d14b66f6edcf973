import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Ensure configuration file exists',
  help: `Makes an empty config file, and its folder, if there is none.

    coffer config touch`,
  arguments: { min: 0, max: 0 },
  flags: {},
  run: ({ configFile }) => configFile().touch(),
});
