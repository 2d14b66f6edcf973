import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Failure, type FailureKind } from '../../core/failure.ts';
import { timerDelay } from '../../core/timer.ts';
import { nativeCalls } from '../../mount/attach/native.ts';

/** Set in the process that is to go to the background. */
const mark = 'COFFER_DAEMON';

// How long the child has to end by itself, in milliseconds.
const patience = 1000;

/** How a daemon's start went, as it tells the process that waits for it. */
type Outcome = 'ready' | { readonly kind: FailureKind; readonly message: string };

/** Runs this command line again, in a process that goes to the background once it is `ready`. Until then it has the
 *  terminal, for passwords. Throws the Failure that it ends with, or Failure('fatal') after `wait` milliseconds. */
export async function startDaemon(wait: number, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [mark]: '1' },
  });
  const outcome = await new Promise<Outcome>((resolve) => {
    const failed = (message: string): void => resolve({ kind: signal.aborted ? 'cancelled' : 'fatal', message });
    child.on('error', (error) => failed(`cannot start the background process: ${error.message}`));
    child.on('message', (message) => resolve(message as Outcome));
    child.on('exit', (code, name) => failed(`the background process ended with ${name ?? code}`));
    // The terminal's Ctrl-C reaches the child as well, and a second signal would not let it tell how that ended.
    signal.addEventListener('abort', () => setTimeout(() => child.kill('SIGTERM'), patience).unref());
    setTimeout(() => {
      child.kill('SIGTERM');
      failed(`the folder could not be used within ${wait / 1000} s (--daemon-wait)`);
    }, timerDelay(wait)).unref();
  });
  if (child.connected) child.disconnect();
  child.unref();
  if (outcome !== 'ready') throw new Failure(outcome.kind, outcome.message);
}

/** The process that waits for this one. */
export interface DaemonParent {
  /** Leaves the terminal, and tells that all is well. */
  ready(): void;
  /** Tells what this process ends with. */
  failed(failure: Failure): void;
}

/** Null for a process that is to stay in the foreground. */
export function daemonParent(): DaemonParent | null {
  if (process.env[mark] === undefined || !process.connected) return null;
  // Not for the commands that this process runs.
  delete process.env[mark];
  const tell = (outcome: Outcome): void => {
    process.send?.(outcome, undefined, undefined, () => process.disconnect());
  };
  return {
    ready() {
      leaveTerminal();
      tell('ready');
    },
    failed: ({ kind, message }) => tell({ kind, message }),
  };
}

function leaveTerminal(): void {
  const { setSession, duplicateTo } = nativeCalls();
  setSession();
  const nothing = openSync('/dev/null', 'r+');
  for (const descriptor of [0, 1, 2]) duplicateTo(nothing, descriptor);
  closeSync(nothing);
}
