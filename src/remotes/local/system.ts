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

const futimes = call(
  (fd: number, accessed: string, time: string): void => fs.futimesSync(fd, accessed, time),
  (done, fd, accessed, time) => fs.futimes(fd, accessed, time, done),
);
const utimes = call(
  (path: string, time: string): void => fs.utimesSync(native(path), time, time),
  (done, path, time) => fs.utimes(native(path), time, time, done),
);
const lutimes = call(
  (path: string, time: string): void => fs.lutimesSync(native(path), time, time),
  (done, path, time) => fs.lutimes(native(path), time, time, done),
);

/** The system calls that this remote makes. Paths are as `core/name-bytes.ts` carries them; errors are node's own. */
export const system = {
  /** Makes direct calls of node's, while those are quick: as `Caller.atOnce`. */
  atOnce: call.atOnce,
  lstat: call(
    (path: string): BigIntStats => fs.lstatSync(native(path), bigint),
    (done, path) => fs.lstat(native(path), bigint, done),
  ),
  /** Undefined where there is nothing: an error would cost more than the call. */
  lookFor: call(
    (path: string): BigIntStats | undefined => fs.lstatSync(native(path), { bigint: true, throwIfNoEntry: false }),
    (done, path) =>
      fs.lstat(native(path), bigint, (error, stats) =>
        error?.code === 'ENOENT' ? done(null, undefined) : done(error, stats),
      ),
  ),
  stat: call(
    (path: string): BigIntStats => fs.statSync(native(path), bigint),
    (done, path) => fs.stat(native(path), bigint, done),
  ),
  fstat: call(
    (fd: number): BigIntStats => fs.fstatSync(fd, bigint),
    (done, fd) => fs.fstat(fd, bigint, done),
  ),
  open: call(
    (path: string, flags: string | number, mode?: Mode): number => fs.openSync(native(path), flags, mode),
    (done, path, flags, mode?: Mode) => fs.open(native(path), flags, mode, done),
  ),
  close: call(
    (fd: number): void => fs.closeSync(fd),
    (done, fd) => fs.close(fd, done),
  ),
  rename: call(
    (from: string, to: string): void => fs.renameSync(native(from), native(to)),
    (done, from, to) => fs.rename(native(from), native(to), done),
  ),
  unlink: call(
    (path: string): void => fs.unlinkSync(native(path)),
    (done, path) => fs.unlink(native(path), done),
  ),
  makeDir: call(
    (path: string, mode: number): void => fs.mkdirSync(native(path), mode),
    (done, path, mode) => fs.mkdir(native(path), mode, done),
  ),
  removeDir: call(
    (path: string): void => fs.rmdirSync(native(path)),
    (done, path) => fs.rmdir(native(path), done),
  ),
  /** Names byte by byte, each as one character up to U+00FF: the smallest form to hold many. */
  readDir: call(
    (path: string): string[] => fs.readdirSync(native(path), 'latin1'),
    (done, path) => fs.readdir(native(path), 'latin1', done),
  ),
  readLink: call(
    (path: string): Uint8Array => fs.readlinkSync(native(path), 'buffer'),
    (done, path) => fs.readlink(native(path), 'buffer', done),
  ),
  realPath: (path: string): Promise<string> =>
    queued<Buffer>((done) => fs.realpath.native(native(path), 'buffer', done)).then(bytesToName),
  makeLink: call(
    (target: Uint8Array, path: string): void => fs.symlinkSync(Buffer.from(target), native(path)),
    (done, target, path) => fs.symlink(Buffer.from(target), native(path), done),
  ),
  fchmod: call(
    (fd: number, mode: number): void => fs.fchmodSync(fd, mode),
    (done, fd, mode) => fs.fchmod(fd, mode, done),
  ),
  /** A user or group of -1 stays as it is. */
  fchown: call(
    (fd: number, uid: number, gid: number): void => fs.fchownSync(fd, uid, gid),
    (done, fd, uid, gid) => fs.fchown(fd, uid, gid, done),
  ),
  /** Access and modification time, in steps of `systemClock().precision`. */
  futimes: (fd: number, time: Nanoseconds, accessed: Nanoseconds = time): Awaitable<void> => {
    const { calls } = systemClock();
    return calls ? calls.futimens(fd, time, accessed) : futimes(fd, secondsText(accessed), secondsText(time));
  },
  utimes: (path: string, time: Nanoseconds): Awaitable<void> => {
    const { calls } = systemClock();
    return calls ? calls.utimens(path, time, true) : utimes(path, secondsText(time));
  },
  /** Of a symlink itself. */
  lutimes: (path: string, time: Nanoseconds): Awaitable<void> => {
    const { calls } = systemClock();
    return calls ? calls.utimens(path, time, false) : lutimes(path, secondsText(time));
  },
  /** Small reads and writes; large ones go by `readLarge` and `writeLarge` so that other work runs meanwhile. */
  read: call(
    (fd: number, buffer: Uint8Array, position: number): number => fs.readSync(fd, buffer, 0, buffer.length, position),
    (done, fd, buffer, position) => fs.read(fd, buffer, 0, buffer.length, position, done),
  ),
  readLarge: (fd: number, buffer: Uint8Array, position: number): Promise<number> =>
    queued((done) => fs.read(fd, buffer, 0, buffer.length, position, done)),
  write: call(
    (fd: number, piece: Uint8Array, position: number): number => fs.writeSync(fd, piece, 0, piece.length, position),
    (done, fd, piece, position) => fs.write(fd, piece, 0, piece.length, position, done),
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
