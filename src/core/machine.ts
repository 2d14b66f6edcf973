import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './failure.ts';

/** Where process ids mean something: the host, and the container on it, as two of those may have one host name. */
export function thisMachine(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Whether a process of this machine is there, or may be. One that has ended is not, though its parent has yet to ask
 *  about it: in a container that can take for ever. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process is there, and not to be reached.
    return codeOf(error) !== 'ESRCH';
  }
  return !lookAt(pid)?.hasEnded;
}

/** When a process of this machine started, by the system's own count: ids are used again, but not with this. Where there is
 *  no /proc, whether it runs. */
export function processStart(pid: number): string {
  const found = lookAt(pid);
  if (found && !found.hasEnded) return found.start;
  return !found && isRunning(pid) ? 'running' : 'gone';
}

/** A process as proc(5)'s stat shows it; null where there is none, or no /proc. */
function lookAt(pid: number): { readonly hasEnded: boolean; readonly start: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // From the third field on: before them stands the command in parentheses, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, threads, start = ''] = [fields[0], fields[17], fields[19]];
    return { hasEnded: state === 'Z' && threads === '1', start };
  } catch {
    return null;
  }
}
