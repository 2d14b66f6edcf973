import { watched } from '../../core/bytes.ts';
import type { Call } from '../../core/remote.ts';
import { isSystemError } from './disk-failure.ts';
import type { Found } from './links.ts';
import { readPieces } from './read.ts';
import { system } from './system.ts';
import { writePieces } from './write.ts';

/** Bytes from which on a copy may take long: what one call of the system does can be neither stopped nor watched. */
const longCopy = 1 << 26;

/** Makes a copy of a file at `to`, where nothing stands. True when it is whole: a long copy whose blocks the file system
 *  cannot share is only begun, for `copyPieces`. Throws the system's own errors. */
export async function beginCopy({ disk, stats }: Found, to: string): Promise<boolean> {
  if (stats.size < longCopy) {
    await system.copyFile(disk, to);
    return true;
  }
  try {
    await system.cloneFile(disk, to);
    return true;
  } catch (error) {
    // The folder, which the caller makes then.
    if (isSystemError(error, 'ENOENT')) throw error;
    await system.close(await system.open(to, 'wx'));
    return false;
  }
}

/** Fills the copy that was begun: `output`, which will be `path`. */
export async function copyPieces(
  from: Found,
  fromPath: string,
  output: number,
  path: string,
  call: Call | undefined,
): Promise<void> {
  const input = await system.open(from.disk, 'r');
  try {
    const size = Number(from.stats.size);
    const onPiece = (piece: Uint8Array): void => call?.onBytes?.(piece.length);
    await writePieces(output, path, size, watched(readPieces(input, fromPath, 0, size), { onPiece }), call);
  } finally {
    await system.close(input);
  }
}
