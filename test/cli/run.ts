import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { programPath } from '../program.ts';
import { requirePeer } from '../servers/peers.ts';
import { type Result, type RunOptions, run } from '../servers/run.ts';

/** A folder in which coffer and rclone work side by side, under one config file. */
export interface Bench {
  readonly folder: string;
  path(name: string): string;
  coffer(args: readonly string[], options?: RunOptions): Promise<Result>;
  rclone(args: readonly string[], options?: RunOptions): Promise<Result>;
  /** Runs the same line with both, and expects one exit code and the same lines on standard output, in any order:
   *  rclone lists folders side by side. Returns coffer's result. */
  same(args: readonly string[], options?: RunOptions): Promise<Result>;
}

/** The crypt remote `secret:` lies in the folder `sealed`. */
const config = `[secret]
type = crypt
remote = sealed
password = SdMuIGKsBIKFqF0Vc3TT8zPefSL4F0Gm8GHVD5s
password2 = PL_ZGQzivT6jOoJCJHfD1FZix4rDqKme

[wrong]
type = crypt
remote = sealed
password = 6SIgrOh-wPiX8ahCogQUqs05Tklulg2wd-cT8A

[store]
type = alias
remote = sealed
`;

/** Makes a bench that goes when the file's tests have ended; made by a test itself, with it: `onTestFinished`. */
export function createBench(name: string, atEnd: (remove: () => void) => void = afterAll): Bench {
  requirePeer('rclone');
  const folder = mkdtempSync(join(tmpdir(), `coffer-cli-${name}-`));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'rclone.conf'), config);
  const inFolder = ({ env, ...options }: RunOptions = {}): RunOptions => ({
    cwd: folder,
    ...options,
    env: { RCLONE_CONFIG: join(folder, 'rclone.conf'), TZ: 'Europe/Helsinki', ...env },
  });
  const coffer: Bench['coffer'] = (args, options) => run(process.execPath, [programPath, ...args], inFolder(options));
  const rclone: Bench['rclone'] = (args, options) => run('rclone', args, inFolder(options));
  return {
    folder,
    path: (path) => join(folder, path),
    coffer,
    rclone,
    async same(args, options) {
      const [ours, theirs] = await Promise.all([coffer(args, options), rclone(args, options)]);
      expect(sortedLines(ours.stdout), ours.stderr).toEqual(sortedLines(theirs.stdout));
      expect(ours.code, ours.stderr).toBe(theirs.code);
      return ours;
    },
  };
}

/** The lines in one order, without the commas that JSON has between them. */
export function sortedLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .sort();
}

/** What a log says, without the times. */
export function messages(log: string): string[] {
  return log
    .split('\n')
    .map((line) => line.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, ''))
    .filter((line) => line !== '');
}

export type Tree = Readonly<Record<string, string>>;

const modified = new Date('2024-02-29T12:34:56.123Z');

/** Writes files, all of one modification time: path → content. A path that ends in a slash is an empty folder. */
export function writeTree(folder: string, tree: Tree, time = modified): void {
  for (const [path, content] of Object.entries(tree)) {
    const target = join(folder, path);
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
    if (path.endsWith('/')) continue;
    writeFileSync(target, content);
    utimesSync(target, time, time);
  }
}

/** What `writeTree` wrote: folders too, unless there is something in them. */
export function readTree(folder: string): Tree {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) tree[name] = readFileSync(path, 'utf8');
    else {
      const below = Object.entries(readTree(path));
      if (below.length === 0) tree[`${name}/`] = '';
      for (const [inner, content] of below) tree[`${name}/${inner}`] = content;
    }
  }
  return tree;
}

/** Path → modification time in milliseconds. */
export function timesIn(folder: string): Readonly<Record<string, number>> {
  const files = Object.keys(readTree(folder)).filter((path) => !path.endsWith('/'));
  return Object.fromEntries(files.map((path) => [path, statSync(join(folder, path)).mtimeMs]));
}
