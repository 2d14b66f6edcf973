import { loadLibrary, pathText } from '../../core/c-library.ts';
import { parentPath } from '../../core/path.ts';
import { isSystemError } from './disk-failure.ts';

/** The extended attribute that holds a file's attributes. */
const name = pathText('user.coffer');
/** ext4 has one block of 4 KiB for all extended attributes of a file. */
const room = 2048;
const largest = 65_536;

interface Calls {
  /** Null where there are none. Throws an error like node's own, as the others do. */
  get(path: string): Uint8Array | null;
  set(path: string, value: Uint8Array): void;
  setOpen(fd: number, value: Uint8Array): void;
}

let loaded: Calls | null | undefined;

/** Bytes of attributes that a file in the folder `disk` can have; 0 where the file system or this platform keeps none. */
export function attributeRoomIn(disk: string): number {
  const calls = systemCalls();
  if (!calls) return 0;
  try {
    calls.get(disk || '/');
    return room;
  } catch (error) {
    return isSystemError(error, 'ENOENT') && disk !== '' ? attributeRoomIn(parentPath(disk)) : 0;
  }
}

/** Null where the file has none. */
export function readAttributes(disk: string): Uint8Array | null {
  try {
    return systemCalls()?.get(disk) ?? null;
  } catch (error) {
    // A file system that keeps none, what is no file, and what has gone since.
    if (isSystemError(error, 'ENOTSUP', 'EPERM', 'EACCES', 'ENOENT')) return null;
    throw error;
  }
}

/** Of a file by its path or its descriptor. */
export function writeAttributes(file: string | number, attributes: Uint8Array): void {
  const calls = systemCalls();
  if (typeof file === 'number') calls?.setOpen(file, attributes);
  else calls?.set(file, attributes);
}

function systemCalls(): Calls | null {
  loaded ??= process.platform === 'linux' ? load() : null;
  return loaded;
}

/** Of <sys/xattr.h>; Linux alone. */
function load(): Calls | null {
  try {
    const library = loadLibrary();
    const getxattr = library.func('long getxattr(const void *path, const void *name, void *value, size_t size)');
    const setxattr = library.func(
      'int setxattr(const void *path, const void *name, const void *value, size_t size, int flags)',
    );
    const fsetxattr = library.func(
      'int fsetxattr(int fd, const void *name, const void *value, size_t size, int flags)',
    );
    const value = new Uint8Array(largest);
    const check = (result: number, syscall: string): void => {
      if (result !== 0) throw library.error(syscall);
    };
    return {
      get(path) {
        const length = getxattr(pathText(path), name, value, value.length);
        if (length >= 0) return value.slice(0, length);
        // Of most files: an error would cost more than the call.
        if (library.hasFailedWith('ENODATA')) return null;
        throw library.error('getxattr');
      },
      set: (path, value) => check(setxattr(pathText(path), name, value, value.length, 0), 'setxattr'),
      setOpen: (fd, value) => check(fsetxattr(fd, name, value, value.length, 0), 'fsetxattr'),
    };
  } catch {
    // No build of koffi for this platform.
    return null;
  }
}
