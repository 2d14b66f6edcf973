import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Several come one after the other, each in its own time. */
  readonly input?: string | Uint8Array | readonly string[];
}

/** Runs a program to its end, whatever its exit code. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...peerEnvironment(), ...options.env }, cwd: options.cwd });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
    child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
    child.stdin.on('error', () => {}); // a program may end without reading its input
    void give(child.stdin, options.input);
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

// Longer than a program that is up takes to read what is there.
const pause = 30;

async function give(stdin: Writable, input: RunOptions['input']): Promise<void> {
  if (!Array.isArray(input)) {
    stdin.end(input);
    return;
  }
  for (const piece of input) {
    stdin.write(piece);
    await sleep(pause);
  }
  stdin.end();
}

/** As `run`, but throws with what the program said when it fails. Returns its output. */
export async function mustRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

/** The environment without what would steer rclone, coffer, Node or the servers. rclone 1.60's S3 refuses AWS_CA_BUNDLE; with
 *  NODE_EXTRA_CA_CERTS each Node reads a system's hundreds of certificates before it does anything: 45 ms. */
export function peerEnvironment(): Record<string, string | undefined> {
  const steering = /^(RCLONE_|COFFER_|AWS_|OS_|ST_|NODE_(EXTRA_CA_CERTS|OPTIONS)$|https?_proxy$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}
