import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peerEnvironment } from './run.ts';

export interface Daemon {
  readonly name: string;
  readonly pid: number;
  /** Null while it runs. */
  ended(): string | null;
  stop(): Promise<void>;
}

interface Start {
  readonly name: string;
  readonly command: readonly string[];
  /** Its output goes to `<folder>/<name>.log`. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server that the kernel kills when this process ends, however it ends. */
export function startDaemon({ name, command, folder, env }: Start): Daemon {
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    stdio: ['ignore', log, log],
    env: { ...peerEnvironment(), LC_ALL: 'C.UTF-8', ...env },
    cwd: folder,
    detached: true, // a process group of its own: Ctrl-C reaches the tests first, stop() reaches its children
  });
  closeSync(log);
  const exit = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let end: string | null = null;
  void exit.then(() => {
    end = `${name} ended (${child.exitCode ?? child.signalCode}): ${readFileSync(logFile, 'utf8').slice(-3000)}`;
  });
  return {
    name,
    pid: child.pid ?? 0,
    ended: () => end,
    async stop() {
      if (end === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL'); // nothing of it is kept
      await exit;
    },
  };
}

/** Polls until `isReady` holds. Throws when a daemon ends first or the time is up. */
export async function waitFor(
  what: string,
  daemons: readonly Daemon[],
  isReady: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isReady().catch(() => false))) {
    const dead = daemons.map((daemon) => daemon.ended()).find((end) => end !== null);
    if (dead !== undefined) throw new Error(dead);
    if (Date.now() > deadline) throw new Error(`${what} is not ready after 60 s`);
    await sleep(30);
  }
}

export async function answers(url: string, init: RequestInit = {}): Promise<boolean> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(5000) });
  await response.arrayBuffer();
  return response.ok;
}
