import type { Config } from '../config/config.ts';
import type { ConfigFile } from '../config/config-file.ts';
import type { ListAhead, Location } from '../core/remote.ts';
import type { Session } from '../transfer/session.ts';
import type { FlagSpecs, FlagValues } from './flags.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import type { Log } from './log.ts';

/** One command. A module in `commands/` exports it as `command`. */
export interface Command<S extends FlagSpecs = FlagSpecs> {
  /** The words after its name: `source:path dest:path`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, good enough to learn it from; ends with examples. */
  readonly help: string;
  /** Flags beyond the global ones. */
  readonly flags: S;
  /** Words that start with `-` and are arguments all the same: `-rw` of `access`. */
  readonly dashWords?: readonly string[];
  /** How many words it takes. */
  readonly arguments: { readonly min: number; readonly max: number };
  /** True where the whole command is run again when errors may pass (`--retries`). */
  readonly isRetried?: boolean;
  /** True where statistics are shown, every `--stats` and at the end; elsewhere they are if `--stats` is given. */
  readonly showsStats?: boolean;
  /** True where it keeps the times that files have, whatever `--use-server-modtime` says. */
  readonly needsOwnTimes?: boolean;
  /** The exit code of a failure, where the command stands in for a tool whose codes are not rclone's. */
  readonly exitCodeOf?: (error: unknown) => number;
  /** `show` of `config show`. A word that names none of them is an argument. */
  readonly subcommands?: CommandTable;
  run(context: CommandContext<S>): Promise<void>;
}

/** Name → what loads it. */
export type CommandTable = ReadonlyMap<string, () => Promise<{ readonly command: Command }>>;

export interface CommandContext<S extends FlagSpecs = FlagSpecs> {
  /** As it was called: `config show`. */
  readonly name: string;
  readonly command: Command;
  readonly args: readonly string[];
  readonly flags: GlobalFlags & FlagValues<S>;
  readonly session: Session;
  readonly io: Io;
  readonly log: Log;
  /** All commands, for help. */
  readonly commands: CommandTable;
  /** Opens what the user wrote: `allas-crypt:job_6`, `./job_6`. Knows what this command has changed in the config.
   *  `ahead` as `Opener.location` has it. */
  location(spec: string, ahead?: ListAhead | null): Promise<Location>;
  /** The user's rclone.conf, to be edited or sealed. */
  configFile(): ConfigFile;
  /** The remotes of the user's rclone.conf. */
  config(): Promise<Config>;
}

/** Keeps the flags' types through `CommandContext`. */
export function defineCommand<S extends FlagSpecs>(command: Command<S>): Command<S> {
  return command;
}

/** A command that only holds subcommands: called by itself it shows what they are. */
export function defineGroup(
  group: Pick<Command, 'summary' | 'help'> & Required<Pick<Command, 'subcommands'>>,
): Command {
  return {
    ...group,
    usage: '[command]',
    flags: {},
    arguments: { min: 0, max: 0 },
    async run({ name, command, io }) {
      const { commandHelp, writeHelp } = await import('./help.ts');
      await writeHelp(io.stdout, await commandHelp(name, command));
    },
  };
}
