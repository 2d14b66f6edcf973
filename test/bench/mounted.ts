import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { programPath } from '../program.ts';
import { type Daemon, startDaemon, waitFor } from '../servers/daemon.ts';
import { mustRun, run } from '../servers/run.ts';
import type { Sample, Tool } from './measure.ts';
import type { Bench } from './row.ts';

/** A tool's mount, one at a time; gone with the benchmark. */
export interface Mounted extends AsyncDisposable {
  /** Takes down what is mounted, and mounts `remote` with an empty cache. */
  mount(remote: string, flags: readonly string[]): Promise<void>;
  /** One of mount-work.py's pieces of work: its time, and what the program behind the mount needed for it. */
  work(name: string, ...args: readonly string[]): Promise<Sample>;
}

const clockTicks = 100;

export function createMounted(bench: Bench, tool: Tool): Mounted {
  const folder = join(bench.folder, `mounted-${tool}`);
  const cache = join(bench.folder, `cache-${tool}`);
  const command = tool === 'coffer' ? [process.execPath, programPath] : ['rclone'];
  let daemon: Daemon | null = null;

  async function unmount(): Promise<void> {
    if (!daemon) return;
    await run('umount', ['-l', folder]);
    await daemon.stop();
    daemon = null;
  }

  // Before the scratch folder goes, with whatever is still mounted in it.
  process.prependListener('exit', () => {
    if (!daemon) return;
    if (daemon.ended() === null) process.kill(-daemon.pid, 'SIGKILL');
    spawnSync('umount', ['-l', folder]);
  });

  /** Seconds of processor time so far. */
  async function cpuTime(pid: number): Promise<number> {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    const [user = 0, system = 0] = text.slice(text.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return (user + system) / clockTicks;
  }

  async function peakMemory(pid: number): Promise<number> {
    const [, kibibytes = '0'] = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'latin1')) ?? [];
    return Number(kibibytes) / 1024;
  }

  return {
    async mount(remote, flags) {
      await unmount();
      await rm(cache, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      const words = [...command, 'mount', remote, folder, '--cache-dir', cache, ...flags];
      const started = startDaemon({
        name: `mount-${tool}`,
        command: words,
        folder: bench.folder,
        env: { RCLONE_CONFIG: bench.config },
      });
      daemon = started;
      const { dev } = await stat(bench.folder);
      await waitFor(`the mount of ${tool}`, [started], async () => (await stat(folder)).dev !== dev);
    },
    async work(name, ...args) {
      const { pid } = daemon ?? { pid: 0 };
      const before = await cpuTime(pid);
      const script = join(import.meta.dirname, 'mount-work.py');
      const wall = Number(await mustRun('timeout', ['600', 'python3', script, name, folder, ...args]));
      return { wall, cpu: (await cpuTime(pid)) - before, memory: await peakMemory(pid) };
    },
    [Symbol.asyncDispose]: unmount,
  };
}
