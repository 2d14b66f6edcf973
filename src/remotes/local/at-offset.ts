import { largeTransfer, system } from './system.ts';

/** Fills `bytes` from `offset` on; returns how many there were. Throws the system's own errors. */
export async function readAt(fd: number, bytes: Uint8Array, offset: number): Promise<number> {
  const read = bytes.length < largeTransfer ? system.read : system.readLarge;
  let filled = 0;
  while (filled < bytes.length) {
    const count = await read(fd, filled === 0 ? bytes : bytes.subarray(filled), offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Throws the system's own errors. */
export async function writeAt(fd: number, bytes: Uint8Array, offset: number): Promise<void> {
  const write = bytes.length < largeTransfer ? system.write : system.writeLarge;
  for (let done = 0; done < bytes.length; ) {
    done += await write(fd, done === 0 ? bytes : bytes.subarray(done), offset + done);
  }
}
