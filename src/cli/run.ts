import { Failure, isFailure, messageOf } from '../core/failure.ts';
import { didYouMean } from '../core/near-miss.ts';
import { backendFlagsIn } from './backend-flags.ts';
import { type CalledCommand, calledCommand } from './called-command.ts';
import type { Command } from './command.ts';
import { execute } from './execute.ts';
import { exitCodeOf } from './exit.ts';
import { filterFlags } from './filter-flags.ts';
import { globalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import { refuseLackingFlags } from './lacking-flags.ts';
import { usualStamp, visible } from './log.ts';
import { createLogTarget } from './log-target.ts';
import { parseCommandLine } from './parse.ts';
import { commands } from './table.ts';
import { usageLine } from './usage-line.ts';

/** Runs a command line to its exit code. `signal` is aborted by Ctrl-C. */
export async function run(argv: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  let called: CalledCommand | null = null;
  try {
    called = await calledCommand(argv, commands);
    return called === null ? await runWithoutCommand(argv, io) : await runCommand(called, argv, io, signal);
  } catch (error) {
    return explain(error, called, io);
  }
}

async function runCommand(
  { name, depth, command }: CalledCommand,
  argv: readonly string[],
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  // Of one letter the last flag has it: the command's own.
  const specs = { ...filterFlags, ...globalFlags, ...command.flags };
  const { flags, args, backendFlags } = parseCommandLine(
    argv,
    specs,
    await backendFlagsIn(argv),
    io.environment,
    command.dashWords,
  );
  if (flags.help) {
    const { commandHelp, writeHelp } = await import('./help.ts');
    await writeHelp(io.stdout, await commandHelp(name, command));
    return 0;
  }
  const words = args.slice(depth);
  checkArguments(name, command, words);
  if (command.isRetried) refuseLackingFlags(name, specs, io.environment);
  return execute({ name, command, commands, flags, args: words, backendFlags }, io, createLogTarget(io, flags), signal);
}

async function runWithoutCommand(argv: readonly string[], io: Io): Promise<number> {
  const { flags } = parseCommandLine(argv, globalFlags, {}, io.environment);
  if (flags.version) {
    const { versionText } = await import('./version.ts');
    await io.stdout.write(versionText());
    return 0;
  }
  const { overview, writeHelp } = await import('./help.ts');
  await writeHelp(io.stdout, await overview(commands));
  return 0;
}

function checkArguments(
  name: string,
  { arguments: { min, max }, subcommands }: Command,
  args: readonly string[],
): void {
  if (subcommands && max === 0 && args.length > 0) {
    const advice = `${didYouMean(args[0] as string, subcommands.keys())}\`coffer ${name} --help\` lists the commands`;
    throw new Failure('usage', `unknown command "${args[0]}" for "coffer ${name}": ${advice}`);
  }
  const given = `you provided ${args.length} non flag arguments: ${JSON.stringify(args)}`;
  if (args.length < min) throw new Failure('usage', `command ${name} needs ${min} arguments minimum: ${given}`);
  if (args.length > max) {
    throw new Failure('usage', `command ${name} needs ${max} arguments maximum: ${given}: ${surplusAdvice(args)}`);
  }
}

/** What to do about the most likely reasons for more words than there should be. */
function surplusAdvice(args: readonly string[]): string {
  if (args.some((word) => /^-./.test(word))) return 'what stands behind -- is no flag';
  const dashed = args.find((word) => /^[\u2010-\u2015\u2212]/.test(word));
  if (dashed !== undefined) return `"${dashed}" begins with another dash than flags do: type it anew`;
  return 'put quotation marks around names with spaces and patterns with *';
}

/** Errors before the work began: a wrong flag, too few words. */
async function explain(error: unknown, called: CalledCommand | null, io: Io): Promise<number> {
  if (!isFailure(error)) throw error;
  if (error.kind === 'cancelled') return exitCodeOf(error);
  const hint = called
    ? `Usage:\n  ${usageLine(called.name, called.command)}\n\nUse "coffer ${called.name} --help" for what it does and its flags.\n`
    : '';
  const message = visible(messageOf(error));
  await io.stderr.write(`Error: ${message}\n${hint}${usualStamp(io.date())}Fatal error: ${message}\n`);
  return exitCodeOf(error);
}
