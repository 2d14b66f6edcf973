import { promisify } from 'node:util';
import { Failure, messageOf } from '../../core/failure.ts';
import type { Handle } from '../../vfs/vfs.ts';
import { detach } from '../attach/detach.ts';
import { nativeCalls } from '../attach/native.ts';
import { closeLeft, createHandleTable } from '../handles.ts';
import type { FuseTransport } from '../transport.ts';
import { createCallbacks } from './callbacks.ts';
import { allClosed, openDevices, openedSince } from './device.ts';
import { loadLibrary } from './library.ts';
import { mend } from './mended-fuse.ts';
import { optionWords } from './options.ts';
import { createPaths } from './paths.ts';

const limits =
  'the transport fuse-native keeps times to the millisecond and none before 1970, drops a change of one time alone ' +
  '(touch -m, tar), and has only names that are UTF-8';

/** By the library fuse-native, for systems where the kernel's protocol can't be spoken directly. */
export const fuseNative: FuseTransport = {
  async mount(vfs, options) {
    const { mountPoint, report } = options;
    const MendedFuse = mend(loadLibrary());
    const files = createHandleTable<Handle>();
    const served = { vfs, paths: createPaths(vfs), files, pid: process.pid };
    const fuse = new MendedFuse(mountPoint, createCallbacks(served, report), optionWords(options));
    const before = openDevices();
    try {
      await promisify(fuse.mount.bind(fuse))();
    } catch (error) {
      throw cannotMount(mountPoint, error);
    }
    const devices = openedSince(before);
    // libfuse does not see to it: the mount would stay for as long as a program that was started meanwhile.
    for (const fd of devices.keys()) nativeCalls().closeInChildren(fd);
    report.notice('', limits);

    async function serve(): Promise<void> {
      await allClosed(devices);
      await closeLeft(files, report);
      await promisify(fuse.unmount.bind(fuse))();
    }
    return { ended: serve(), unmount: (isLazy) => detach(mountPoint, isLazy) };
  },
};

/** libfuse says on standard error itself why not. */
function cannotMount(mountPoint: string, error: unknown): Failure {
  const hint = process.geteuid?.() === 0 ? '' : '; other users than root need fusermount: apt-get install fuse3';
  const why = messageOf(error) === 'fuse failed' ? `libfuse could not, and says above why${hint}` : messageOf(error);
  return new Failure('denied', `cannot mount on ${mountPoint}: ${why}`, { path: mountPoint, cause: error });
}
