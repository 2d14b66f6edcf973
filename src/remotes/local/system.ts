import fs, { type BigIntStats, type Mode } from 'node:fs';
import { type Awaitable, whenEnded } from '../../core/awaitable.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { bytesToName, isValidText, nameToBytes } from '../../core/name-bytes.ts';
import { createCaller, type Done, queued, type Result } from './caller.ts';
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
  lstat: (path: string): Result<BigIntStats> =>
    call(
      () => fs.lstatSync(native(path), bigint),
      (done) => fs.lstat(native(path), bigint, done),
    ),
  /** Undefined where there is nothing: an error would cost more than the call. */
  lookFor: (path: string): Result<BigIntStats | undefined> =>
    call(
      () => fs.lstatSync(native(path), { bigint: true, throwIfNoEntry: false }),
      (done) =>
        fs.lstat(native(path), bigint, (error, stats) =>
          error?.code === 'ENOENT' ? done(null, undefined) : done(error, stats),
        ),
    ),
  stat: (path: string): Result<BigIntStats> =>
    call(
      () => fs.statSync(native(path), bigint),
      (done) => fs.stat(native(path), bigint, done),
    ),
  fstat: (fd: number): Result<BigIntStats> =>
    call(
      () => fs.fstatSync(fd, bigint),
      (done) => fs.fstat(fd, bigint, done),
    ),
  open: (path: string, flags: string | number, mode?: Mode): Result<number> =>
    call(
      () => fs.openSync(native(path), flags, mode),
      (done) => fs.open(native(path), flags, mode, done),
    ),
  close: (fd: number): Result<void> =>
    call(
      () => fs.closeSync(fd),
      (done: Done<void>) => fs.close(fd, done as fs.NoParamCallback),
    ),
  rename: (from: string, to: string): Result<void> =>
    call(
      () => fs.renameSync(native(from), native(to)),
      (done: Done<void>) => fs.rename(native(from), native(to), done as fs.NoParamCallback),
    ),
  unlink: (path: string): Result<void> =>
    call(
      () => fs.unlinkSync(native(path)),
      (done: Done<void>) => fs.unlink(native(path), done as fs.NoParamCallback),
    ),
  makeDir: (path: string, mode: number): Result<void> =>
    call(
      () => fs.mkdirSync(native(path), mode),
      (done: Done<void>) => fs.mkdir(native(path), mode, done as fs.NoParamCallback),
    ),
  removeDir: (path: string): Result<void> =>
    call(
      () => fs.rmdirSync(native(path)),
      (done: Done<void>) => fs.rmdir(native(path), done as fs.NoParamCallback),
    ),
  /** Names byte by byte, each as one character up to U+00FF: the smallest form to hold many. */
  readDir: (path: string): Result<string[]> =>
    call(
      () => fs.readdirSync(native(path), 'latin1'),
      (done) => fs.readdir(native(path), 'latin1', done),
    ),
  readLink: (path: string): Result<Uint8Array> =>
    call<Uint8Array>(
      () => fs.readlinkSync(native(path), 'buffer'),
      (done) => fs.readlink(native(path), 'buffer', done),
    ),
  realPath: (path: string): Promise<string> =>
    queued<Buffer>((done) => fs.realpath.native(native(path), 'buffer', done)).then(bytesToName),
  makeLink: (target: Uint8Array, path: string): Result<void> =>
    call(
      () => fs.symlinkSync(Buffer.from(target), native(path)),
      (done: Done<void>) => fs.symlink(Buffer.from(target), native(path), done as fs.NoParamCallback),
    ),
  chmod: (path: string, mode: number): Result<void> =>
    call(
      () => fs.chmodSync(native(path), mode),
      (done: Done<void>) => fs.chmod(native(path), mode, done as fs.NoParamCallback),
    ),
  fchmod: (fd: number, mode: number): Result<void> =>
    call(
      () => fs.fchmodSync(fd, mode),
      (done: Done<void>) => fs.fchmod(fd, mode, done as fs.NoParamCallback),
    ),
  /** A user or group of -1 stays as it is. */
  fchown: (fd: number, uid: number, gid: number): Result<void> =>
    call(
      () => fs.fchownSync(fd, uid, gid),
      (done: Done<void>) => fs.fchown(fd, uid, gid, done as fs.NoParamCallback),
    ),
  /** Access and modification time, in steps of `systemClock().precision`. */
  futimes: (fd: number, time: Nanoseconds, accessed: Nanoseconds = time): Result<void> => {
    const { calls } = systemClock();
    if (calls) return calls.futimens(fd, time, accessed);
    const text = secondsText(time);
    const accessedText = secondsText(accessed);
    return call(
      () => fs.futimesSync(fd, accessedText, text),
      (done: Done<void>) => fs.futimes(fd, accessedText, text, done as fs.NoParamCallback),
    );
  },
  utimes: (path: string, time: Nanoseconds): Result<void> => {
    const { calls } = systemClock();
    if (calls) return calls.utimens(path, time, true);
    const text = secondsText(time);
    return call(
      () => fs.utimesSync(native(path), text, text),
      (done: Done<void>) => fs.utimes(native(path), text, text, done as fs.NoParamCallback),
    );
  },
  /** Of a symlink itself. */
  lutimes: (path: string, time: Nanoseconds): Result<void> => {
    const { calls } = systemClock();
    if (calls) return calls.utimens(path, time, false);
    const text = secondsText(time);
    return call(
      () => fs.lutimesSync(native(path), text, text),
      (done: Done<void>) => fs.lutimes(native(path), text, text, done as fs.NoParamCallback),
    );
  },
  /** Small reads and writes; large ones go by `readLarge` and `writeLarge` so that other work runs meanwhile. */
  read: (fd: number, buffer: Uint8Array, position: number): Result<number> =>
    call(
      () => fs.readSync(fd, buffer, 0, buffer.length, position),
      (done) => fs.read(fd, buffer, 0, buffer.length, position, done),
    ),
  readLarge: (fd: number, buffer: Uint8Array, position: number): Promise<number> =>
    queued((done) => fs.read(fd, buffer, 0, buffer.length, position, done)),
  write: (fd: number, piece: Uint8Array, position: number): Result<number> =>
    call(
      () => fs.writeSync(fd, piece, 0, piece.length, position),
      (done) => fs.write(fd, piece, 0, piece.length, position, done),
    ),
  writeLarge: (fd: number, piece: Uint8Array, position: number): Promise<number> =>
    queued((done) => fs.write(fd, piece, 0, piece.length, position, done)),
  sync: (fd: number): Promise<void> => queued((done: Done<void>) => fs.fsync(fd, done as fs.NoParamCallback)),
  /** Shares blocks where the file system can. `to` must not exist. */
  copyFile: (from: string, to: string): Promise<void> => copyFile(from, to, fs.constants.COPYFILE_FICLONE),
  /** As `copyFile`, but fails where the blocks cannot be shared. */
  cloneFile: (from: string, to: string): Promise<void> => copyFile(from, to, fs.constants.COPYFILE_FICLONE_FORCE),
  removeTree: (path: string): Promise<void> =>
    queued((done: Done<void>) => fs.rm(native(path), { recursive: true }, done as fs.NoParamCallback)),
  statFileSystem: (path: string): Promise<fs.StatsFs> => queued((done) => fs.statfs(native(path), done)),
};

function copyFile(from: string, to: string, mode: number): Promise<void> {
  const flags = fs.constants.COPYFILE_EXCL | mode;
  return queued((done: Done<void>) => fs.copyFile(native(from), native(to), flags, done as fs.NoParamCallback));
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
