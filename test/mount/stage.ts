import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../program.ts';
import { makeScratch } from '../scratch.ts';
import { type Daemon, startDaemon, waitFor } from '../servers/daemon.ts';
import { requirePeer } from '../servers/peers.ts';
import { configText, crypt, type Section } from '../servers/remotes.ts';
import { mustRun, type Result, type RunOptions, run } from '../servers/run.ts';
import { asNobody, isMounted, nobody } from './driver.ts';

export interface StageOptions {
  /** What the crypt remote stands on, with the sections that it needs; a folder in memory by itself. */
  readonly lower?: { readonly remote: string; readonly sections: Readonly<Record<string, Section>> };
  /** Further options of the crypt remote. */
  readonly crypt?: Section;
  /** What is mounted in place of it; a path may be relative to `Stage.folder`. */
  readonly shown?: string;
  /** An ordinary user mounts, through fusermount3, and works in the folder. */
  readonly isNobody?: boolean;
}

/** A crypt remote, `sealed:`, that coffer mounts and rclone reads. */
export interface Stage extends AsyncDisposable {
  readonly folder: string;
  /** Where `sealed:` is mounted. */
  readonly mountPoint: string;
  /** Returns when the folder can be used. */
  mount(...flags: readonly string[]): Promise<void>;
  /** Returns when all that was written stands in the store. Throws with what the mount said if anything was amiss. */
  unmount(): Promise<void>;
  /** Ends the program behind the mount as a crash would, waits for `using`, which then fails, and clears its mount point:
   *  after that a path would lead to the empty folder below. */
  kill(using?: Promise<unknown>): Promise<void>;
  /** A program with a time limit: what waits for a mount can't be stopped otherwise. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Result>;
  /** What such a program prints. Throws when it fails. */
  output(program: string, ...args: readonly string[]): Promise<string>;
  rclone(...args: readonly string[]): Promise<string>;
  /** A new folder with all that rclone reads from the store. */
  stored(): Promise<string>;
}

const scratch = makeScratch();
const longest = 60;

// rclone takes names that differ in their normal form for one.
const asItIs = ['--create-empty-src-dirs', '--no-unicode-normalization', '--links'];

export function makeStage(options: StageOptions = {}): Stage {
  requirePeer('rclone');
  requirePeer('fuse');
  const folder = mkdtempSync(join(scratch, 'mounted-'));
  const mountPoint = join(folder, 'mount');
  mkdirSync(mountPoint);
  const { lower, shown = 'sealed:', isNobody = false } = options;
  const as = isNobody ? asNobody : [];
  const config = join(folder, 'rclone.conf');
  const sealed = crypt(lower?.remote ?? join(folder, 'sealed'), options.crypt);
  writeFileSync(config, configText({ ...lower?.sections, sealed }));
  if (isNobody) {
    chmodSync('/dev/fuse', 0o666);
    for (const path of [folder, mountPoint, config]) chownSync(path, nobody, nobody);
  }
  // Programs look for their settings at home: there are none.
  const env = { RCLONE_CONFIG: config, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  let daemon: Daemon | null = null;
  let mounts = 0;
  let copies = 0;

  const timed: Stage['run'] = (program, args, options = {}) => {
    const [first, ...rest] = [...as, 'timeout', '--kill-after', '1', String(longest), program, ...args] as const;
    return run(first, rest, { ...options, env: { ...env, ...options.env } });
  };

  async function detach(): Promise<void> {
    if (isMounted(mountPoint)) await mustRun('umount', ['-l', mountPoint]);
  }

  const stage: Stage = {
    folder,
    mountPoint,
    run: timed,
    async output(program, ...args) {
      const { code, stdout, stderr } = await timed(program, args);
      if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    },
    rclone: (...args) => stage.output('rclone', ...args),
    async mount(...flags) {
      // A change of user takes back what startDaemon has asked the kernel for.
      const asUser = isNobody ? [...asNobody, 'setpriv', '--pdeathsig', 'KILL', '--'] : [];
      const command = [...asUser, process.execPath, programPath, 'mount', shown, mountPoint, ...flags];
      daemon = startDaemon({ name: `mount-${mounts++}`, command, folder, env });
      await waitFor('the mount', [daemon], async () => isMounted(mountPoint));
    },
    async unmount() {
      const { code, stdout, stderr } = await timed(process.execPath, [programPath, 'unmount', mountPoint]);
      if (code !== 0) throw new Error(`coffer unmount ended with ${code}: ${stdout}${stderr}`);
      const mount = daemon;
      if (mount) await waitFor('the end of the mount', [], async () => mount.ended() !== null);
      const said = mount?.ended() ?? '';
      daemon = null;
      if (said.includes('ERROR') || !said.includes('ended (0)')) throw new Error(said);
    },
    async kill(using) {
      await daemon?.stop();
      daemon = null;
      await using;
      await detach();
    },
    async stored() {
      const copy = join(folder, `stored-${copies++}`);
      await stage.rclone('copy', ...asItIs, 'sealed:', copy);
      return copy;
    },
    async [Symbol.asyncDispose]() {
      await detach();
      await daemon?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stage;
}
