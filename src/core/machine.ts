import { readlinkSync } from 'node:fs';
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

/** Whether a process of this machine is there, or may be. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is there, and not to be reached.
    return codeOf(error) !== 'ESRCH';
  }
}
