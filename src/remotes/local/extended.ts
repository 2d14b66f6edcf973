import { loadLibrary, pathText } from '../../core/c-library.ts';
import { bytesToName } from '../../core/name-bytes.ts';

const largest = 65_536;

/** Extended attributes of files, whose paths follow symlinks. Names that are given are `pathText`. All throw errors like
 *  node's own. */
export interface ExtendedCalls {
  /** Null where there is none of that name. */
  get(path: string, name: Uint8Array): Uint8Array | null;
  /** All names, with their namespaces: `user.origin`. */
  list(path: string): readonly string[];
  /** Of a file by its path or its descriptor. */
  set(file: string | number, name: Uint8Array, value: Uint8Array): void;
}

let loaded: ExtendedCalls | null | undefined;

/** Null where this platform has none, or no build of koffi. */
export function extendedCalls(): ExtendedCalls | null {
  loaded ??= process.platform === 'linux' ? load() : null;
  return loaded;
}

/** Of <sys/xattr.h>; Linux alone. */
function load(): ExtendedCalls | null {
  try {
    const library = loadLibrary();
    const getxattr = library.func('long getxattr(const void *path, const void *name, void *value, size_t size)');
    const listxattr = library.func('long listxattr(const void *path, void *list, size_t size)');
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
      get(path, name) {
        const length = getxattr(pathText(path), name, value, value.length);
        if (length >= 0) return value.slice(0, length);
        // Of most files: an error would cost more than the call.
        if (library.hasFailedWith('ENODATA')) return null;
        throw library.error('getxattr');
      },
      list(path) {
        const length = listxattr(pathText(path), value, value.length);
        if (length < 0) throw library.error('listxattr');
        return length === 0 ? [] : bytesToName(value.slice(0, length - 1)).split('\0');
      },
      set(file, name, value) {
        if (typeof file === 'string') {
          check(setxattr(pathText(file), name, value, value.length, 0), 'setxattr');
        } else check(fsetxattr(file, name, value, value.length, 0), 'fsetxattr');
      },
    };
  } catch {
    // No build of koffi for this platform.
    return null;
  }
}
