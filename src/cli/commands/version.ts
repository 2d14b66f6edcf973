import { defineCommand } from '../command.ts';
import { versionText } from '../version.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Show the version number',
  help: 'Shows the version of coffer and of the Node that runs it.',
  arguments: { min: 0, max: 0 },
  flags: {},
  run: ({ io }) => io.stdout.write(versionText()),
});
