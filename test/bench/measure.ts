import { join } from 'node:path';
import { programPath } from '../program.ts';
import { mustRun } from '../servers/run.ts';

export const tools = ['coffer', 'rclone'] as const;
export type Tool = (typeof tools)[number];

export interface Sample {
  /** Seconds. */
  readonly wall: number;
  /** Seconds, user and system, of the whole process tree. */
  readonly cpu: number;
  /** Peak resident MiB. */
  readonly memory: number;
}

export type Pair = Readonly<Record<Tool, Sample>>;

/** Throws when the tool fails: a number for work that was not done is worse than none. */
export function measure(tool: Tool, args: readonly string[], config: string): Promise<Sample> {
  const command = tool === 'coffer' ? [process.execPath, programPath] : ['rclone'];
  return measureCommand([...command, ...args], config);
}

/** The same for any program. */
export async function measureCommand(command: readonly string[], config: string): Promise<Sample> {
  const wrapper = join(import.meta.dirname, 'measure.py');
  const options = { env: { RCLONE_CONFIG: config } };
  const printed = await mustRun('python3', [wrapper, ...command], options);
  const [wall = 0, cpu = 0, kibibytes = 0] = printed.trim().split(' ').map(Number);
  return { wall, cpu, memory: kibibytes / 1024 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
