import type { Command } from './command.ts';
import { filterFlags } from './filter-flags.ts';
import type { FlagSpecs } from './flags.ts';
import { flagGroups } from './global-flags.ts';
import { commands } from './table.ts';

/** What `coffer help` prints: the commands with a line each. */
export async function overview(): Promise<string> {
  const rows: string[] = [];
  for (const [name, load] of commands) rows.push(`  ${name.padEnd(14)} ${(await load()).command.summary}`);
  return `coffer encrypts research data before it leaves the machine, and works on rclone's remotes.

Usage:
  coffer [command] [flags]

A path is a folder or file of this machine (job_6), or of a remote of your rclone.conf (allas-crypt:job_6).

Commands:
${rows.join('\n')}

Use "coffer [command] --help" for what a command does, and "coffer help flags" for the flags that all take.
`;
}

/** What `coffer copy --help` prints. */
export function commandHelp(name: string, command: Command): string {
  const own = Object.keys(command.flags).length > 0 ? `\nFlags:\n${flagRows(command.flags)}\n` : '';
  return `${command.help}

Usage:
  coffer ${name} ${command.usage} [flags]
${own}
Use "coffer help flags" for the flags that every command takes.
`;
}

/** What `coffer help flags` prints. */
export function globalFlagsHelp(): string {
  const groups = Object.entries({ ...flagGroups, Filter: filterFlags }).map(
    ([title, specs]) => `${title}:\n${flagRows(specs)}\n`,
  );
  return `Flags that every command takes. Each can be set by the environment too: RCLONE_TRANSFERS=8 is --transfers 8.\n\n${groups.join('\n')}`;
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
