import { createRequire } from 'node:module';
import { nameToBytes } from './name-bytes.ts';

/** The C functions in this process, those of the C library and of node itself, for what node's API lacks. */
export interface Library {
  /** `Result` is what the declaration says: a number, or a pointer that other functions take. */
  func<Result = number>(declaration: string): (...args: readonly unknown[]) => Result;
  /** Whether the last call failed with this code of <errno.h>. */
  hasFailedWith(code: string): boolean;
  /** What the last call failed with, as an error like node's own. */
  error(syscall: string): Error;
  /** The address of the bytes, at which they stay. */
  address(bytes: ArrayBufferView): bigint;
}

interface Koffi {
  load(path: null): Pick<Library, 'func'>;
  errno(): number;
  address: Library['address'];
  os: { readonly errno: Readonly<Record<string, number>> };
}

/** Throws where there is no build of koffi for this platform. */
export function loadLibrary(): Library {
  const koffi: Koffi = createRequire(import.meta.url)('koffi');
  const library = koffi.load(null);
  return {
    func: library.func.bind(library),
    hasFailedWith: (code) => koffi.errno() === koffi.os.errno[code],
    error(syscall) {
      const number = koffi.errno();
      const code = Object.entries(koffi.os.errno).find(([, value]) => value === number)?.[0] ?? 'EIO';
      return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
    },
    address: koffi.address.bind(koffi),
  };
}

/** A path as C takes it: bytes, ended by a zero. */
export function pathText(path: string): Uint8Array {
  return Buffer.concat([nameToBytes(path), new Uint8Array(1)]);
}
