import { Failure } from '../../core/failure.ts';
import { type CommandTable, defineCommand } from '../command.ts';
import { backendHelp, commandHelp, globalFlagsHelp, overview } from '../help.ts';

export const command = defineCommand({
  usage: '[command | flags | backend type]',
  summary: 'Show help for coffer, its commands, flags and backends',
  help: `Shows help: of one command, of the flags that all take, or of the options of a type of remote.

    coffer help copy
    coffer help flags
    coffer help backend swift`,
  arguments: { min: 0, max: 2 },
  flags: {},
  async run({ args, io, commands }) {
    await io.stdout.write(await helpFor(args, commands));
  },
});

async function helpFor([topic, type]: readonly string[], commands: CommandTable): Promise<string> {
  if (topic === undefined) return overview(commands);
  if (topic === 'flags') return globalFlagsHelp();
  if (topic === 'backend' || topic === 'backends') return backendHelp(type);
  const load = commands.get(topic);
  if (!load) throw new Failure('usage', `no help for "${topic}": \`coffer help\` lists the commands`);
  return commandHelp(topic, (await load()).command);
}
