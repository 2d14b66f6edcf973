import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { programPath } from '../program.ts';
import { type Daemon, startDaemon, waitFor } from '../servers/daemon.ts';
import { mustRun, run } from '../servers/run.ts';
import type { Sample } from './measure.ts';
import type { Bench } from './row.ts';

export type MountTool = 'coffer' | 'rclone' | 'gocryptfs';

/** A tool's mount, one at a time; gone with the benchmark. */
export interface Mounted extends AsyncDisposable {
  readonly folder: string;
  /** Takes down what is mounted, and mounts `remote` with an empty cache. gocryptfs' remote is a folder. */
  mount(remote: string, flags: readonly string[]): Promise<void>;
  /** One of mount-work.py's pieces of work: its time, and what the program behind the mount needed for it. */
  work(name: string, ...args: readonly string[]): Promise<Sample>;
}

const clockTicks = 100;

const password = ['-extpass', 'echo', '-extpass', 'password'];

/** An empty folder for gocryptfs. */
export async function makeGocryptfs(folder: string): Promise<void> {
  await mkdir(folder);
  await mustRun('gocryptfs', ['-q', '-init', '-scryptn', '10', ...password, folder]);
}

export function createMounted(bench: Bench, tool: MountTool): Mounted {
  const folder = join(bench.folder, `mounted-${tool}`);
  const cache = join(bench.folder, `cache-${tool}`);
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
    folder,
    async mount(remote, flags) {
      await unmount();
      await rm(cache, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      const own = ['mount', remote, folder, '--cache-dir', cache, ...flags];
      const started = startDaemon({
        name: `mount-${tool}`,
        command: {
          coffer: [process.execPath, programPath, ...own],
          rclone: ['rclone', ...own],
          gocryptfs: ['gocryptfs', '-q', '-fg', ...password, remote, folder],
        }[tool],
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
