import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Result } from '../servers/run.ts';
import { type Bench, readTree, type Tree, timesIn, writeTree } from './run.ts';

/** Folders by name, each with its files and their common time: `{ src: [{ 'a.txt': 'one' }, new Date(…)] }`. */
export type Places = Readonly<Record<string, readonly [Tree, Date?]>>;

/** Runs a line with coffer and with rclone, each in a folder of its own that holds `places`, and expects one exit code and
 *  the same files of the same times everywhere. What lies in the remote `secret:` is compared as rclone decrypts it.
 *  Returns coffer's result, what stands in its folder, and what rclone said. */
export async function sideBySide(
  bench: Bench,
  line: string,
  places: Places,
  env: Readonly<Record<string, string>> = {},
): Promise<Result & { readonly tree: Tree; readonly theirs: string }> {
  const [ours, theirs] = [
    await runIn(bench, 'coffer', line, places, env),
    await runIn(bench, 'rclone', line, places, env),
  ];
  const seen = ({ code, tree, times }: typeof ours) => ({ code, tree, times });
  expect(seen(ours), `${ours.stderr}\nrclone: ${theirs.stderr}`).toEqual(seen(theirs));
  return { ...ours, theirs: theirs.stderr };
}

/** Runs a line with one of the programs, and tells what stands in its folder then. */
export async function runIn(
  bench: Bench,
  program: 'coffer' | 'rclone',
  line: string,
  places: Places,
  env: Readonly<Record<string, string>> = {},
) {
  const cwd = bench.path(`by-${program}`);
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  for (const [name, [tree, time]] of Object.entries(places)) writeTree(join(cwd, name), tree, time);
  const isSealed = line.includes('secret:');
  if (isSealed) await bench.rclone(['copy', '--create-empty-src-dirs', 'dst', 'secret:dst'], { cwd });
  const result = await bench[program](line.split(' '), { cwd, env });
  if (isSealed) await bench.rclone(['copy', '--create-empty-src-dirs', 'secret:', 'opened'], { cwd });
  rmSync(join(cwd, 'sealed'), { recursive: true, force: true });
  return { ...result, tree: readTree(cwd), times: timesIn(cwd) };
}
