import { createRequire } from 'node:module';
import { nameToBytes } from '../../core/name-bytes.ts';

/** The C library, for the calls that node lacks. */
export interface Library {
  func(declaration: string): (...args: readonly unknown[]) => number;
  /** Whether the last call failed with this code of <errno.h>. */
  hasFailedWith(code: string): boolean;
  /** What the last call failed with, as an error like node's own. */
  error(syscall: string): Error;
}

interface Koffi {
  load(path: null): Pick<Library, 'func'>;
  errno(): number;
  os: { readonly errno: Readonly<Record<string, number>> };
}

/** Throws where there is no build of koffi for this platform. */
export function loadLibrary(): Library {
  const koffi: Koffi = createRequire(import.meta.url)('koffi');
  const library = koffi.load(null);
  return {
    func: (declaration) => library.func(declaration),
    hasFailedWith: (code) => koffi.errno() === koffi.os.errno[code],
    error(syscall) {
      const number = koffi.errno();
      const code = Object.entries(koffi.os.errno).find(([, value]) => value === number)?.[0] ?? 'EIO';
      return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
    },
  };
}

/** A path as C takes it: bytes, ended by a zero. */
export function pathText(path: string): Uint8Array {
  return Buffer.concat([nameToBytes(path), new Uint8Array(1)]);
}
