import type { Vfs } from '../vfs/vfs.ts';
import type { KernelOptions } from './attach/kernel-options.ts';
import type { SessionOptions } from './session.ts';

export interface MountOptions extends Omit<SessionOptions, 'vfs'> {
  /** As `checkMountPoint` gives it. */
  readonly mountPoint: string;
  /** What mount(8) and df(1) show as the device: `allas-crypt:job_6`. */
  readonly deviceName: string;
  readonly kernel: KernelOptions;
}

/** A folder in which programs work on a Vfs. */
export interface Mounted {
  /** Resolves when it is gone, by whomever, and all that was open in it is closed. The Vfs may still have uploads to do. */
  readonly ended: Promise<void>;
  /** False when programs are using it; with `isLazy` it then goes out of sight, and ends when they do. */
  unmount(isLazy: boolean): Promise<boolean>;
}

/** A way between the kernel and a Vfs. */
export interface FuseTransport {
  /** Mounts `vfs`, and resolves when the folder can be used. Throws Failure that says why it can't, with nothing left
   *  mounted. */
  mount(vfs: Vfs, options: MountOptions): Promise<Mounted>;
}
