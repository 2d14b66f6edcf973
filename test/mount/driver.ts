import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TransportName } from '../../src/mount/mount.ts';
import { makeScratch } from '../scratch.ts';
import { requirePeer } from '../servers/peers.ts';

const scratch = makeScratch();
const root = join(import.meta.dirname, '..', '..');

/** A process that serves a mount. */
export interface Driver {
  readonly folder: string;
  readonly process: ChildProcess;
  /** Resolves when it says `line`, now or earlier. Rejects when it ends without having said so. */
  says(line: string): Promise<void>;
  /** Its exit code; all that it said. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: readonly string[] }>;
}

/** An ordinary user of Debian. */
export const nobody = 65534;

/** How a program is run as `nobody`. */
export const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'] as const;

export interface DriverOptions {
  /** An ordinary user's mount, through fusermount3. */
  readonly isNobody?: boolean;
  readonly attributeTimeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly transport?: TransportName;
}

/** Makes a folder for mount points, and whatever is mounted in it go again with `remove`. */
export function makeMountFolder(): {
  readonly path: string;
  point(name: string, isNobody?: boolean): string;
  remove(): void;
} {
  requirePeer('fuse');
  // As udev does where it runs.
  if (process.getuid?.() === 0) chmodSync('/dev/fuse', 0o666);
  const path = mkdtempSync(join(scratch, 'points-'));
  chmodSync(path, 0o755);
  const points: string[] = [];
  return {
    path,
    point(name, isNobody = false) {
      const point = join(path, name);
      mkdirSync(point);
      if (isNobody) chownSync(point, nobody, nobody);
      points.push(point);
      return point;
    },
    remove() {
      for (const point of points) if (isMounted(point)) execFileSync('umount', ['-l', point]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export function isMounted(point: string): boolean {
  try {
    return statSync(point, { bigint: true }).dev !== statSync(join(point, '..'), { bigint: true }).dev;
  } catch (error) {
    return ['ENOTCONN', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** Mounts a Vfs in memory: see memory-driver.ts. */
export function startDriver(folder: string, options: DriverOptions = {}): Driver {
  const settled = [String(options.attributeTimeout ?? 1000), options.transport ?? 'direct'];
  const script = [join(root, 'test/mount/memory-driver.ts'), folder, ...settled];
  const node = [process.execPath, '--import', join(root, 'scripts/typescript.mjs'), ...script];
  const settings = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  const [program, ...args] = [...(options.isNobody ? asNobody : []), 'env', ...settings, ...node] as const;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  const said: string[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  child.stdout?.on('data', (piece: Buffer) => {
    const lines = (rest + piece.toString()).split('\n');
    rest = lines.pop() ?? '';
    said.push(...lines);
    for (const listener of listeners) listener();
  });
  const ended = new Promise<{ code: number | null; said: string[] }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
  return {
    folder,
    process: child,
    ended,
    says(line) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.includes(line)) resolve();
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`the driver ended and said: ${said.join('; ')}`)), reject);
      });
    },
  };
}

/** A driver whose folder can be used. */
export async function mountMemory(folder: string, options: DriverOptions = {}): Promise<Driver> {
  const driver = startDriver(folder, options);
  await driver.says('mounted');
  return driver;
}
