import { isAbsence, isFailure, messageOf } from '../core/failure.ts';
import { pause } from '../core/pause.ts';
import { timerDelay } from '../core/timer.ts';
import { mayPass, type Session } from '../transfer/session.ts';
import type { Command, CommandContext, CommandTable } from './command.ts';
import { exitCodeOf, isReaderGone, nothingTransferred } from './exit.ts';
import { filterOf } from './filter-flags.ts';
import { type GlobalFlags, globalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import { visible } from './log.ts';
import type { LogTarget } from './log-target.ts';
import { createProgressView, type ProgressView } from './progress-view.ts';
import { createSession, cutoffOf } from './settings.ts';
import { isOneLine, statsFields, statsText } from './stats.ts';
import { openSurroundings, type Surroundings } from './surroundings.ts';

/** A command line that has been understood. */
export interface Invocation {
  readonly name: string;
  readonly command: Command;
  readonly commands: CommandTable;
  readonly flags: GlobalFlags;
  readonly args: readonly string[];
  readonly backendFlags: ReadonlyMap<string, string>;
}

/** Opens the remotes, runs the command, again where that may help, and returns the exit code. */
export async function execute(invocation: Invocation, io: Io, target: LogTarget, signal: AbortSignal): Promise<number> {
  const { flags, command } = invocation;
  const { log } = target;
  const filter = await filterOf(flags, io, log);
  if (flags.dump.includes('filters'))
    await io.stdout.write(`--- start filters ---\n${filter.describe()}\n--- end filters ---\n`);
  const parts = { filter, log, io, signal, cutoff: cutoffOf(flags), settled: new Map<string, boolean>() };
  const newSession = (): Session => createSession(flags, parts);
  let session = newSession();
  const view = flags.progress ? createProgressView(io, () => session.progress, flags) : null;
  if (view) target.redirect(view.log);
  const ticker = view || !showsStats(invocation) ? null : startStats(flags, () => logStats(io, target, session, flags));
  await using surroundings = openSurroundings(invocation, io, log);
  try {
    for (let attempt = 1; ; attempt++) {
      const error = await attemptOnce(invocation, io, target, session, surroundings);
      const mayHelp = command.isRetried && isWorthRetrying(session, error);
      if (mayHelp && flags.retries > 1) {
        log.error(
          '',
          `Attempt ${attempt}/${flags.retries} failed with ${errorCount(session)} and: ${messageOf(error)}`,
        );
      }
      if (!mayHelp || attempt >= flags.retries) return await conclude(invocation, { io, target, view }, session, error);
      await pause(flags['retries-sleep'], signal).catch(() => {});
      session = newSession();
    }
  } finally {
    if (ticker) clearInterval(ticker);
  }
}

/** The error that decides the outcome; undefined when all went well. */
async function attemptOnce(
  invocation: Invocation,
  io: Io,
  { log }: LogTarget,
  session: Session,
  { config, configFile, location }: Surroundings,
): Promise<unknown> {
  const { name, args, flags, command, commands } = invocation;
  const of = { name, command, commands, args, flags };
  const context: CommandContext = { ...of, session, io, log, config, configFile, location };
  try {
    await command.run(context);
    return session.progress.firstError;
  } catch (error) {
    if (session.signal.aborted && isFailure(error, 'cancelled')) return session.signal.reason;
    if (!isFailure(error)) throw error;
    if (error.kind !== 'cancelled') session.progress.errors++;
    return error;
  }
}

/** Whether running the command again could end better. What it was told to work on will not come to be there. */
function isWorthRetrying({ progress }: Session, error: unknown): boolean {
  return mayPass(error) && (error === progress.firstError || !isAbsence(error));
}

/** Where the user sees how a command goes. */
interface Shown {
  readonly io: Io;
  readonly target: LogTarget;
  readonly view: ProgressView | null;
}

/** Shows how it ended, and returns the exit code. */
async function conclude(
  invocation: Invocation,
  { io, target, view }: Shown,
  session: Session,
  error: unknown,
): Promise<number> {
  const { name, command, flags } = invocation;
  if (view) {
    target.redirect(null);
    await view.close();
  } else if (showsStats(invocation) && (flags.stats > 0 || session.progress.errors > 0)) {
    logStats(io, target, session, flags);
  }
  if (error !== undefined && !isReaderGone(error)) {
    const errors = session.progress.errors;
    const count = errors > 1 ? ` with ${errors} errors: last error was` : '';
    target.conclude(`Failed to ${name}${count}: ${visible(messageOf(error))}`);
  }
  await target.flush();
  if (error !== undefined) return (command.exitCodeOf ?? exitCodeOf)(error);
  return flags['error-on-no-transfer'] && session.progress.transfers === 0 ? nothingTransferred : 0;
}

function errorCount({ progress }: Session): string {
  return `${Math.max(1, progress.errors)} errors`;
}

function showsStats({ command, flags }: Invocation): boolean {
  return command.showsStats === true || flags.stats !== globalFlags.stats.initial;
}

function startStats(flags: GlobalFlags, show: () => void): NodeJS.Timeout | null {
  if (flags.stats <= 0 || !Number.isFinite(flags.stats)) return null;
  return setInterval(show, timerDelay(flags.stats)).unref();
}

function logStats(io: Io, { log }: LogTarget, session: Session, flags: GlobalFlags): void {
  const note = mayPass(session.progress.firstError) ? ' (retrying may help)' : ' (no need to retry)';
  const text = statsText(session.progress, flags, note, io.date);
  const level = flags['dry-run'] || flags.interactive ? 'NOTICE' : flags['stats-log-level'];
  log.at(level, '', isOneLine(flags) ? text : `\n${text}`, { stats: statsFields(session.progress) });
}
