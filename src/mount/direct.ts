import { Failure } from '../core/failure.ts';
import { attach } from './attach/attach.ts';
import { detach } from './attach/detach.ts';
import { raiseReadAhead } from './attach/read-ahead.ts';
import { startSession } from './session.ts';
import type { FuseTransport } from './transport.ts';

/** Speaks the kernel's protocol itself. Linux alone. */
export const direct: FuseTransport = {
  async mount(vfs, options) {
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
    await raiseReadAhead(mountPoint);
    return { ended, unmount: (isLazy) => detach(mountPoint, isLazy) };
  },
};
