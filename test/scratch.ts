import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'coffer-lab-';
const neededBytes = 2 * 2 ** 30;
const memory = '/dev/shm';
const bases = [memory, tmpdir()];

/** A new folder with user xattrs (Swift keeps its metadata there), in memory where that works, for every user as /tmp is. It
 *  goes when this process exits, and with it what killed processes left; that goes with the next call, too. */
export function makeScratch(base = isFastEnough(memory) ? memory : tmpdir()): string {
  removeAbandoned();
  const folder = mkdtempSync(join(base, `${prefix}${process.pid}-${startTime(process.pid)}-`));
  chmodSync(folder, 0o1777);
  process.once('exit', () => {
    removeScratch(folder);
    removeAbandoned();
  });
  return folder;
}

export function removeScratch(folder: string): void {
  unmountBelow(folder);
  // the last writes of a daemon that was just killed may still come in
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** What a killed test had mounted cannot be removed. */
function unmountBelow(folder: string): void {
  const points = readFileSync('/proc/self/mountinfo', 'utf8').matchAll(/^(?:\S+ ){4}(\S+)/gm);
  for (const [, point = ''] of points) {
    if (point.startsWith(`${folder}/`)) execFileSync('umount', ['--lazy', point], { stdio: 'ignore' });
  }
}

function isFastEnough(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= neededBytes && hasUserXattrs(folder);
  } catch {
    return false;
  }
}

// tmpfs has them from Linux 6.6 on; node cannot ask.
function hasUserXattrs(folder: string): boolean {
  const probe = [
    'import os, sys, tempfile',
    'with tempfile.NamedTemporaryFile(dir=sys.argv[1]) as f: os.setxattr(f.name, "user.probe", b"x")',
  ];
  try {
    execFileSync('python3', ['-c', probe.join('\n'), folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function removeAbandoned(): void {
  for (const base of bases) {
    for (const name of existsSync(base) ? readdirSync(base) : []) {
      const [, pid, started] = new RegExp(`^${prefix}(\\d+)-(\\d+)-`).exec(name) ?? [];
      if (pid !== undefined && startTime(Number(pid)) !== started) removeScratch(join(base, name));
    }
  }
}

/** The kernel's start time of a process: with the pid it names one process for ever. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
