import fs, { type BigIntStats, type Mode } from 'node:fs';
import { type Awaitable, whenEnded } from '../../core/awaitable.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { bytesToName, isValidText, nameToBytes } from '../../core/name-bytes.ts';
import { createCaller, queued } from './caller.ts';
import { systemClock } from './clock.ts';
import { secondsText } from './times.ts';

const call = createCaller();

/** As node takes it: text, or bytes where the path holds some that are not UTF-8. */
export function native(path: string): string | Buffer {
  return isValidText(path) ? path : Buffer.from(nameToBytes(path));
}

const bigint = { bigint: true } as const;

/** The system calls that this remote makes. Paths are as `core/name-bytes.ts` carries them; errors are node's own. */
export const system = {
  /** Makes direct calls of node's, while those are quick: as `Caller.atOnce`. */
  atOnce: call.atOnce,
  lstat: (path: string): Awaitable<BigIntStats> =>
    call(
      () => fs.lstatSync(native(path), bigint),
      (done) => fs.lstat(native(path), bigint, done),
    ),
  /** Undefined where there is nothing: an error would cost more than the call. */
  lookFor: (path: string): Awaitable<BigIntStats | undefined> =>
    call(
      () => fs.lstatSync(native(path), { bigint: true, throwIfNoEntry: false }),
      (done) =>
        fs.lstat(native(path), bigint, (error, stats) =>
          error?.code === 'ENOENT' ? done(null, undefined) : done(error, stats),
        ),
    ),
  stat: (path: string): Awaitable<BigIntStats> =>
    call(
      () => fs.statSync(native(path), bigint),
      (done) => fs.stat(native(path), bigint, done),
    ),
  fstat: (fd: number): Awaitable<BigIntStats> =>
    call(
      () => fs.fstatSync(fd, bigint),
      (done) => fs.fstat(fd, bigint, done),
    ),
  open: (path: string, flags: string | number, mode?: Mode): Awaitable<number> =>
    call(
      () => fs.openSync(native(path), flags, mode),
      (done) => fs.open(native(path), flags, mode, done),
    ),
  close: (fd: number): Awaitable<void> =>
    call(
      () => fs.closeSync(fd),
      (done) => fs.close(fd, done),
    ),
  rename: (from: string, to: string): Awaitable<void> =>
    call(
      () => fs.renameSync(native(from), native(to)),
      (done) => fs.rename(native(from), native(to), done),
    ),
  unlink: (path: string): Awaitable<void> =>
    call(
      () => fs.unlinkSync(native(path)),
      (done) => fs.unlink(native(path), done),
    ),
  makeDir: (path: string, mode: number): Awaitable<void> =>
    call(
      () => fs.mkdirSync(native(path), mode),
      (done) => fs.mkdir(native(path), mode, done),
    ),
  removeDir: (path: string): Awaitable<void> =>
    call(
      () => fs.rmdirSync(native(path)),
      (done) => fs.rmdir(native(path), done),
    ),
  /** Names byte by byte, each as one character up to U+00FF: the smallest form to hold many. */
  readDir: (path: string): Awaitable<string[]> =>
    call(
      () => fs.readdirSync(native(path), 'latin1'),
      (done) => fs.readdir(native(path), 'latin1', done),
    ),
  readLink: (path: string): Awaitable<Uint8Array> =>
    call<Uint8Array>(
      () => fs.readlinkSync(native(path), 'buffer'),
      (done) => fs.readlink(native(path), 'buffer', done),
    ),
  realPath: (path: string): Promise<string> =>
    queued<Buffer>((done) => fs.realpath.native(native(path), 'buffer', done)).then(bytesToName),
  makeLink: (target: Uint8Array, path: string): Awaitable<void> =>
    call(
      () => fs.symlinkSync(Buffer.from(target), native(path)),
      (done) => fs.symlink(Buffer.from(target), native(path), done),
    ),
  fchmod: (fd: number, mode: number): Awaitable<void> =>
    call(
      () => fs.fchmodSync(fd, mode),
      (done) => fs.fchmod(fd, mode, done),
    ),
  /** A user or group of -1 stays as it is. */
  fchown: (fd: number, uid: number, gid: number): Awaitable<void> =>
    call(
      () => fs.fchownSync(fd, uid, gid),
      (done) => fs.fchown(fd, uid, gid, done),
    ),
  /** Access and modification time, in steps of `systemClock().precision`. */
  futimes: (fd: number, time: Nanoseconds, accessed: Nanoseconds = time): Awaitable<void> => {
    const { calls } = systemClock();
    if (calls) return calls.futimens(fd, time, accessed);
    const text = secondsText(time);
    const accessedText = secondsText(accessed);
    return call(
      () => fs.futimesSync(fd, accessedText, text),
      (done) => fs.futimes(fd, accessedText, text, done),
    );
  },
  utimes: (path: string, time: Nanoseconds): Awaitable<void> => {
    const { calls } = systemClock();
    if (calls) return calls.utimens(path, time, true);
    const text = secondsText(time);
    return call(
      () => fs.utimesSync(native(path), text, text),
      (done) => fs.utimes(native(path), text, text, done),
    );
  },
  /** Of a symlink itself. */
  lutimes: (path: string, time: Nanoseconds): Awaitable<void> => {
    const { calls } = systemClock();
    if (calls) return calls.utimens(path, time, false);
    const text = secondsText(time);
    return call(
      () => fs.lutimesSync(native(path), text, text),
      (done) => fs.lutimes(native(path), text, text, done),
    );
  },
  /** Small reads and writes; large ones go by `readLarge` and `writeLarge` so that other work runs meanwhile. */
  read: (fd: number, buffer: Uint8Array, position: number): Awaitable<number> =>
    call(
      () => fs.readSync(fd, buffer, 0, buffer.length, position),
      (done) => fs.read(fd, buffer, 0, buffer.length, position, done),
    ),
  readLarge: (fd: number, buffer: Uint8Array, position: number): Promise<number> =>
    queued((done) => fs.read(fd, buffer, 0, buffer.length, position, done)),
  write: (fd: number, piece: Uint8Array, position: number): Awaitable<number> =>
    call(
      () => fs.writeSync(fd, piece, 0, piece.length, position),
      (done) => fs.write(fd, piece, 0, piece.length, position, done),
    ),
  writeLarge: (fd: number, piece: Uint8Array, position: number): Promise<number> =>
    queued((done) => fs.write(fd, piece, 0, piece.length, position, done)),
  sync: (fd: number): Promise<void> => queued((done) => fs.fsync(fd, done)),
  /** Shares blocks where the file system can. `to` must not exist. */
  copyFile: (from: string, to: string): Promise<void> => copyFile(from, to, fs.constants.COPYFILE_FICLONE),
  /** As `copyFile`, but fails where the blocks cannot be shared. */
  cloneFile: (from: string, to: string): Promise<void> => copyFile(from, to, fs.constants.COPYFILE_FICLONE_FORCE),
  removeTree: (path: string): Promise<void> => queued((done) => fs.rm(native(path), { recursive: true }, done)),
  statFileSystem: (path: string): Promise<fs.StatsFs> => queued((done) => fs.statfs(native(path), done)),
};

function copyFile(from: string, to: string, mode: number): Promise<void> {
  const flags = fs.constants.COPYFILE_EXCL | mode;
  return queued((done) => fs.copyFile(native(from), native(to), flags, done));
}

/** Bytes from which a read or write is worth a thread. */
export const largeTransfer = 1 << 18;

/** What `use` makes of an open file, which is closed afterwards. */
export function closing<T>(fd: number, use: (fd: number) => Awaitable<T>): Awaitable<T> {
  return whenEnded(
    () => use(fd),
    () => system.close(fd),
  );
}
