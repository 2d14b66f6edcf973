import { Failure, isFailure, messageOf } from '../core/failure.ts';
import { backendFlagsIn } from './backend-flags.ts';
import type { Command } from './command.ts';
import { execute } from './execute.ts';
import { exitCodeOf } from './exit.ts';
import { filterFlags } from './filter-flags.ts';
import type { FlagSpecs } from './flags.ts';
import { globalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import { stamp } from './log.ts';
import { createLogTarget } from './log-target.ts';
import { parseCommandLine } from './parse.ts';
import { commands } from './table.ts';

/** Runs a command line to its exit code. `signal` is aborted by Ctrl-C. */
export async function run(argv: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  let command: { readonly name: string; readonly module: Command } | null = null;
  try {
    const name = commandIn(argv);
    if (name === undefined) return await runWithoutCommand(argv, io);
    const module = await load(name);
    command = { name, module };
    return await runCommand(name, module, argv, io, signal);
  } catch (error) {
    return explain(error, command, io);
  }
}

async function runCommand(
  name: string,
  command: Command,
  argv: readonly string[],
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const specs = { ...filterFlags, ...command.flags, ...globalFlags };
  const { flags, args, backendFlags } = parseCommandLine(argv, specs, await backendFlagsIn(argv), io.environment);
  if (flags.help) {
    const { commandHelp } = await import('./help.ts');
    await io.stdout.write(commandHelp(name, command));
    return 0;
  }
  const words = args.slice(1);
  checkArguments(name, command, words);
  return execute({ name, command, commands, flags, args: words, backendFlags }, io, createLogTarget(io, flags), signal);
}

/** The first word that is no flag and no flag's value; undefined when there is none. */
function commandIn(argv: readonly string[]): string | undefined {
  // Whatever the command adds to the flags stands behind its name: unknown flags do not matter yet.
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] as string;
    if (!word.startsWith('-') || word === '-') return word;
    if (takesNextWord(word)) index++;
  }
  return undefined;
}

function takesNextWord(word: string): boolean {
  if (word.includes('=')) return false;
  const specs: FlagSpecs = { ...filterFlags, ...globalFlags };
  const spec = word.startsWith('--')
    ? specs[word.slice(2)]
    : Object.values(specs).find(({ short }) => short !== undefined && short === word.at(-1));
  return spec?.kind === 'value' || spec?.kind === 'list';
}

async function load(name: string): Promise<Command> {
  const loader = commands.get(name);
  if (!loader) throw new Failure('usage', `unknown command "${name}" for "coffer": \`coffer help\` lists the commands`);
  return (await loader()).command;
}

async function runWithoutCommand(argv: readonly string[], io: Io): Promise<number> {
  const { flags } = parseCommandLine(argv, globalFlags, {}, io.environment);
  if (flags.version) {
    const { versionText } = await import('./version.ts');
    await io.stdout.write(versionText());
    return 0;
  }
  const { overview } = await import('./help.ts');
  await io.stdout.write(await overview(commands));
  return 0;
}

function checkArguments(name: string, { arguments: { min, max } }: Command, args: readonly string[]): void {
  const given = `you provided ${args.length} non flag arguments: ${JSON.stringify(args)}`;
  if (args.length < min) throw new Failure('usage', `command ${name} needs ${min} arguments minimum: ${given}`);
  if (args.length > max) throw new Failure('usage', `command ${name} needs ${max} arguments maximum: ${given}`);
}

/** Errors before the work began: a wrong flag, too few words. */
async function explain(
  error: unknown,
  command: { readonly name: string; readonly module: Command } | null,
  io: Io,
): Promise<number> {
  if (!isFailure(error)) throw error;
  if (error.kind === 'cancelled') return exitCodeOf(error);
  const hint = command
    ? `Usage:\n  coffer ${command.name} ${command.module.usage} [flags]\n\nUse "coffer ${command.name} --help" for what it does and its flags.\n`
    : '';
  await io.stderr.write(`Error: ${messageOf(error)}\n${hint}${stamp(io.date())} Fatal error: ${messageOf(error)}\n`);
  return exitCodeOf(error);
}
