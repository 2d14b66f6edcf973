import { Failure } from '../../core/failure.ts';
import { calledCommand } from '../called-command.ts';
import { type CommandTable, defineCommand } from '../command.ts';
import { backendHelp, commandHelp, globalFlagsHelp, overview, writeHelp } from '../help.ts';

export const command = defineCommand({
  usage: '[command | flags | backend type]',
  summary: 'Show help for coffer, its commands, flags and backends',
  help: `Shows help on a command, on the flags that every command takes, or on the options of a type of remote.

    coffer help copy
    coffer help flags
    coffer help backend swift`,
  arguments: { min: 0, max: 3 },
  flags: {},
  async run({ args, io, commands }) {
    await writeHelp(io.stdout, await helpFor(args, commands));
  },
});

async function helpFor(topics: readonly string[], commands: CommandTable): Promise<string> {
  const [topic, type] = topics;
  if (topic === undefined) return overview(commands);
  if (topic === 'flags') return globalFlagsHelp();
  if (topic === 'backend' || topic === 'backends') return backendHelp(type);
  const called = await calledCommand(topics, commands);
  if (called?.depth !== topics.length) {
    throw new Failure('usage', `no help for "${topics.join(' ')}": \`coffer help\` lists the commands`);
  }
  return commandHelp(called.name, called.command);
}
