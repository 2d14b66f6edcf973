import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';

/** Writes a new file and syncs it to the disk, after `finish` has settled what else it needs. Throws the system's error,
 *  EEXIST where something stands at `path`. */
export function writeSynced(
  path: string,
  data: string | Uint8Array,
  mode: number,
  finish?: (descriptor: number) => void,
): void {
  const descriptor = openSync(path, 'wx', mode);
  try {
    writeFileSync(descriptor, data);
    finish?.(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a new name in a folder last. The file itself stands by then: a folder that cannot be synced, as on some network file
 *  systems, is no failure. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {}
}
