import { Failure } from '../core/failure.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { attach } from './attach/attach.ts';
import { detach } from './attach/detach.ts';
import type { KernelOptions } from './attach/kernel-options.ts';
import { type SessionOptions, startSession } from './session.ts';

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

/** Mounts `vfs`, and resolves when the folder can be used. Throws Failure that says why it can't, with nothing left mounted. */
export async function mount(vfs: Vfs, options: MountOptions): Promise<Mounted> {
  const { mountPoint, deviceName, kernel } = options;
  const fd = await attach({ mountPoint, deviceName, options: kernel });
  const { ready, ended } = startSession(fd, { vfs, ...options });
  const gone = ended.then(() => {
    throw new Failure('fatal', `${mountPoint} was unmounted at once`, { path: mountPoint });
  });
  try {
    await Promise.race([ready, gone]);
  } catch (error) {
    await detach(mountPoint, true).catch(() => {});
    throw error;
  }
  gone.catch(() => {});
  return { ended, unmount: (isLazy) => detach(mountPoint, isLazy) };
}
