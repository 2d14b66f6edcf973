import { viewOf } from '../../core/bytes.ts';
import type { Done, Fuse, Handler, Library } from './library.ts';

// Of fuse-native.c: the number of the operation, and where what a thread knows of it has the modification time: after
// pointers, numbers and a `mode_t` and `dev_t`, which are shorter on macOS.
const op_utimens = 12;
const mtimeOffset = process.platform === 'darwin' ? 104 : 112;

/** fuse-native's class with its faults mended as far as that can be done from outside. */
export function mend({
  Fuse,
  binding,
}: Library): new (
  mountPoint: string,
  callbacks: Fuse['ops'],
  words: string,
) => Fuse {
  return class extends Fuse {
    readonly #words: string;

    constructor(mountPoint: string, callbacks: Fuse['ops'], words: string) {
      // A request that is answered after the time-out, 15 s, would end the process.
      super(mountPoint, callbacks, { timeout: false });
      this.#words = words;
    }

    /** It has no words for most of libfuse's options. */
    override _fuseOptions(): string {
      return `-o${this.#words}`;
    }

    /** `utimens` hands over the time of access twice. */
    override _makeHandlerArray(): (Handler | undefined)[] {
      const handlers = super._makeHandlerArray();
      const utimens = handlers[op_utimens];
      handlers[op_utimens] = (native, opcode, path, low, high) => {
        const view = viewOf(native);
        const [mtimeLow, mtimeHigh] = [view.getUint32(mtimeOffset, true), view.getUint32(mtimeOffset + 4, true)];
        utimens?.(native, opcode, path, low, high, mtimeLow, mtimeHigh);
      };
      return handlers;
    }

    /** Times before 1970 are no longer whole numbers once they have been made one double each. */
    _op_utimens(done: Done, path: string, ...[atimeLow, atimeHigh, mtimeLow, mtimeHigh]: readonly number[]): void {
      this.ops.utimens?.(path, signed(atimeLow, atimeHigh), signed(mtimeLow, mtimeHigh), done);
    }

    /** It says that a removed file has one link. */
    _op_getattr(done: Done, path: string): void {
      this.ops.getattr?.(path, done);
    }

    /** It forgets which open file is asked about. */
    _op_fgetattr(done: Done, path: string, fh: number): void {
      this.ops.fgetattr?.(path, fh, done);
    }

    /** It cuts what the caller has too little room for, and so do lists of names. */
    _op_getxattr(done: Done, path: string, name: string, room: Buffer): void {
      this.ops.getxattr?.(path, name, room, (status: number) => done(status, room.buffer));
    }

    _op_listxattr(done: Done, path: string, room: Buffer): void {
      this.ops.listxattr?.(path, room, (status: number) => done(status, room.buffer));
    }

    /** It unmounts lazily, which loses what open files have still to say. When it is called, all is over here. */
    _close(done: (error: Error | null) => void): void {
      binding.fuse_native_unmount(this.mnt, this._thread);
      done(null);
    }
  };
}

function signed(low = 0, high = 0): bigint {
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}
