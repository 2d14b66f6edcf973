import { backendTypes, loadBackend } from '../remotes/table.ts';
import { backendFlags } from './backend-flags.ts';
import { columnsOf } from './columns.ts';
import type { Command, CommandTable } from './command.ts';
import { filterFlags } from './filter-flags.ts';
import { fitHelp } from './fit-help.ts';
import type { FlagSpecs } from './flags.ts';
import { flagGroups } from './global-flags.ts';
import type { Output } from './io.ts';
import { publicCommands } from './public-commands.ts';
import { usageLine } from './usage-line.ts';

/** Prints one of the texts below as wide as the terminal is. */
export function writeHelp(output: Output, text: string): Promise<void> {
  return output.write(fitHelp(text, columnsOf(output)));
}

/** What `coffer help` prints: the commands with a line each. */
export async function overview(commands: CommandTable): Promise<string> {
  return `coffer encrypts research data before it leaves the machine, and works on rclone's remotes.

Usage:
  coffer [command] [flags]

A path is a folder or file of this machine (job_6), or of a remote of your rclone.conf (allas-crypt:job_6).

Commands:
${await commandRows(commands)}

Use "coffer [command] --help" for help on a command, and "coffer help flags" for the flags that every command takes.
`;
}

/** What `coffer copy --help` prints. */
export async function commandHelp(name: string, command: Command): Promise<string> {
  const below = command.subcommands ? `\nCommands:\n${await commandRows(command.subcommands)}\n` : '';
  const own = Object.keys(command.flags).length > 0 ? `\nFlags:\n${flagRows(command.flags)}\n` : '';
  return `${command.help}

Usage:
  ${usageLine(name, command)}
${below}${own}
Use "coffer help flags" for the flags that every command takes.
`;
}

async function commandRows(commands: CommandTable): Promise<string> {
  const width = Math.max(14, ...[...commands.keys()].map((name) => name.length));
  const rows: string[] = [];
  for (const [name, load] of publicCommands(commands))
    rows.push(`  ${name.padEnd(width)} ${(await load()).command.summary}`);
  return rows.join('\n');
}

/** What `coffer help flags` prints. */
export function globalFlagsHelp(): string {
  const groups = Object.entries({ ...flagGroups, Filter: filterFlags }).map(
    ([title, specs]) => `${title}:\n${flagRows(specs)}\n`,
  );
  return `Flags that every command takes. You can also set each in the environment: RCLONE_TRANSFERS=8 means --transfers 8.\n\n${groups.join('\n')}`;
}

/** What `coffer help backend swift` prints; without a type, the types. */
export async function backendHelp(type: string | undefined): Promise<string> {
  if (type === undefined) {
    const rows = await Promise.all(
      backendTypes.map(async (name) => `  ${name.padEnd(8)} ${(await loadBackend(name)).description}`),
    );
    return `Types of remotes (the \`type =\` of rclone.conf):\n${rows.join('\n')}\n`;
  }
  const { description } = await loadBackend(type);
  return `${type}: ${description}\n\nOptions, as flags (in rclone.conf without "${type}-", "_" for "-"):\n${flagRows(await backendFlags(type))}\n`;
}

function flagRows(specs: FlagSpecs): string {
  const rows = Object.entries(specs).map(([name, spec]) => {
    const short = spec.short ? `-${spec.short}, ` : '    ';
    const value = spec.placeholder ? ` ${spec.placeholder}` : '';
    return {
      left: `  ${short}--${name}${value}`,
      right: spec.help + (spec.shownDefault ? ` (default ${spec.shownDefault})` : ''),
    };
  });
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2;
  return rows.map(({ left, right }) => `${left.padEnd(width)} ${right}`).join('\n');
}
