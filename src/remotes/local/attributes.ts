import { pathText } from '../../core/c-library.ts';
import { parentPath } from '../../core/path.ts';
import { isSystemError } from './disk-failure.ts';
import { extendedCalls } from './extended.ts';

/** The extended attribute that holds a file's attributes. */
export const attributesName = 'user.coffer';
const name = pathText(attributesName);
/** ext4 has one block of 4 KiB for all extended attributes of a file. */
const room = 2048;

/** Bytes of attributes that a file in the folder `disk` can have; 0 where the file system or this platform keeps none. */
export function attributeRoomIn(disk: string): number {
  const calls = extendedCalls();
  if (!calls) return 0;
  try {
    calls.get(disk || '/', name);
    return room;
  } catch (error) {
    return isSystemError(error, 'ENOENT') && disk !== '' ? attributeRoomIn(parentPath(disk)) : 0;
  }
}

/** Null where the file has none. */
export function readAttributes(disk: string): Uint8Array | null {
  try {
    return extendedCalls()?.get(disk, name) ?? null;
  } catch (error) {
    // A file system that keeps none, what is no file, and what has gone since.
    if (isSystemError(error, 'ENOTSUP', 'EPERM', 'EACCES', 'ENOENT')) return null;
    throw error;
  }
}

/** Of a file by its path or its descriptor. */
export function writeAttributes(file: string | number, attributes: Uint8Array): void {
  extendedCalls()?.set(file, name, attributes);
}
