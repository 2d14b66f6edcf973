import type { CommandTable } from './command.ts';

/** Without those that only scripts call: `__complete`. */
export function publicCommands(commands: CommandTable): CommandTable {
  return new Map([...commands].filter(([name]) => !name.startsWith('_')));
}
