import { spawn } from 'node:child_process';
import { Failure } from '../../core/failure.ts';

export interface Outcome {
  readonly code: number | null;
  /** What it said of its failure, in English. */
  readonly stderr: string;
}

/** Runs the program that may mount for ordinary users. `descriptor` becomes its descriptor 3, named by _FUSE_COMMFD.
 *  Throws Failure('unsupported') where there is none. */
export async function runFusermount(args: readonly string[], descriptor?: number): Promise<Outcome> {
  // The second is its name before FUSE 3.
  for (const program of ['fusermount3', 'fusermount']) {
    const outcome = await runProgram(program, args, descriptor);
    if (outcome) return outcome;
  }
  throw new Failure('unsupported', 'there is no fusermount3, which mounts for ordinary users: apt-get install fuse3');
}

/** Runs umount(8). */
export async function runUmount(args: readonly string[]): Promise<Outcome> {
  return (await runProgram('umount', args)) ?? { code: null, stderr: 'there is no umount: apt-get install mount' };
}

/** Whether somebody answers for what is mounted at `path` within `patience` milliseconds. A program asks: it can be given
 *  up, while this process could not even end before a call of its own that waits for a mount. */
export function isAnswering(path: string, patience: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('stat', ['-f', '--', path], { stdio: 'ignore' });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      resolve(false);
    }, patience);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code !== null);
    });
  });
}

/** Null where there is no such program. */
function runProgram(program: string, args: readonly string[], descriptor?: number): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', descriptor ?? 'ignore'],
      env: { ...process.env, LC_ALL: 'C', ...(descriptor !== undefined && { _FUSE_COMMFD: '3' }) },
    });
    const pieces: Buffer[] = [];
    child.stderr?.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(null) : reject(error)));
    child.on('close', (code) => resolve({ code, stderr: oneLine(Buffer.concat(pieces)) }));
  });
}

function oneLine(said: Buffer): string {
  return said
    .toString()
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}
