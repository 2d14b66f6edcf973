import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { shownPath } from '../listing.ts';

export const command = defineCommand({
  usage: '',
  summary: 'List all the remotes in the config file',
  help: `Lists the remotes in rclone.conf and in the environment, one per line; --long shows their types.

    coffer listremotes --long`,
  arguments: { min: 0, max: 0 },
  flags: { long: toggle('Show the type as well as names') },
  async run({ config, flags, io }) {
    const { sections, section } = await config();
    const names = [...sections()].sort();
    const width = Math.max(0, ...names.map((name) => name.length)) + 1;
    const typeOf = (name: string): string =>
      section(name)?.get('type') ?? io.environment[`RCLONE_CONFIG_${name.toUpperCase()}_TYPE`] ?? '';
    const lines = names.map((name) => (flags.long ? `${`${name}:`.padEnd(width)} ${typeOf(name)}` : `${name}:`));
    await io.stdout.write(lines.map((line) => `${shownPath({ io }, line)}\n`).join(''));
  },
});
