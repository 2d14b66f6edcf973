import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { largeTransfer, system } from './system.ts';

/** Fills `bytes` from `offset` on, and gives how many bytes there were. Throws the system's own errors. */
export function readAt(fd: number, bytes: Uint8Array, offset: number): Awaitable<number> {
  const read = bytes.length < largeTransfer ? system.read : system.readLarge;
  const from = (filled: number): Awaitable<number> =>
    whenThere(read(fd, filled === 0 ? bytes : bytes.subarray(filled), offset + filled), (count) => {
      const now = filled + count;
      return count === 0 || now === bytes.length ? now : from(now);
    });
  return bytes.length === 0 ? 0 : from(0);
}

/** Throws the system's own errors. */
export function writeAt(fd: number, bytes: Uint8Array, offset: number): Awaitable<void> {
  const write = bytes.length < largeTransfer ? system.write : system.writeLarge;
  const from = (done: number): Awaitable<void> =>
    whenThere(write(fd, done === 0 ? bytes : bytes.subarray(done), offset + done), (count) => {
      if (done + count < bytes.length) return from(done + count);
    });
  return bytes.length === 0 ? undefined : from(0);
}
