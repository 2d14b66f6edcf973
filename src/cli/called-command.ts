import { Failure } from '../core/failure.ts';
import { didYouMean } from '../core/near-miss.ts';
import type { Command, CommandTable } from './command.ts';
import { filterFlags } from './filter-flags.ts';
import type { FlagSpecs } from './flags.ts';
import { globalFlags } from './global-flags.ts';
import { lackingCommands, namesElsewhere } from './names-elsewhere.ts';
import { flagAwaitingValue } from './parse.ts';

export interface CalledCommand {
  /** `config show`. */
  readonly name: string;
  /** How many words the name has. */
  readonly depth: number;
  readonly command: Command;
}

const ordinaryFlags: FlagSpecs = { ...filterFlags, ...globalFlags };

/** The command that a command line names; null when it names none. Throws Failure('usage') for an unknown one. */
export async function calledCommand(argv: readonly string[], commands: CommandTable): Promise<CalledCommand | null> {
  const path: string[] = [];
  let command: Command | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === '--') break;
    if (word.startsWith('-') && word !== '-') {
      // What a command adds to the flags stands behind its name.
      if (flagAwaitingValue(word, { ...ordinaryFlags, ...command?.flags })) index++;
      continue;
    }
    const load = (command ? command.subcommands : commands)?.get(word);
    if (!load) {
      if (command) break;
      throw unknownCommand(word, argv[index + 1], commands);
    }
    path.push(word);
    command = (await load()).command;
  }
  return command ? { name: path.join(' '), depth: path.length, command } : null;
}

function unknownCommand(word: string, next: string | undefined, commands: CommandTable): Failure {
  const failure = (why: string) =>
    new Failure('usage', `unknown command "${word}" for "coffer": ${why}\`coffer help\` lists the commands`);
  if (lackingCommands.includes(word)) return failure('only rclone has it; ');
  if (next !== undefined && commands.has(next)) return failure(`the command comes first, as in "coffer ${next} …"; `);
  const known = namesElsewhere.get(word);
  return failure(known === undefined ? didYouMean(word, commands.keys()) : `did you mean "${known}"? `);
}
