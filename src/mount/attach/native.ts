import { closeSync, constants as fileFlags } from 'node:fs';
import { loadLibrary } from '../../core/c-library.ts';

/** The calls of the C library that Node has not. They throw an error like Node's own: `code`, `syscall`. */
export interface NativeCalls {
  mount(source: string, target: string, type: string, flags: number, data: string): void;
  /** A pipe, closed in children: the end to read from, the end to write to. */
  pipe(): readonly [number, number];
  /** Two connected stream sockets, closed in children. */
  socketPair(): readonly [number, number];
  /** The descriptor that was sent through a socket of `socketPair`, closed in children; null when there is none. */
  receiveDescriptor(socket: number): number | null;
  /** Signals of `fd` go to the first thread of the process. */
  signalFirstThread(fd: number): void;
  /** Whether SIGIO is sent whenever something comes to be read from `fd`. No read of it waits any more. */
  signalReadable(fd: number, isOn: boolean): void;
  /** Waits until `fd` can be read, a signal comes, or `milliseconds` have passed; whether it can be read. */
  waitReadable(fd: number, milliseconds: number): boolean;
  /** As read(2), of a descriptor that does not wait; 0 where there is nothing to read yet. */
  readNow(fd: number, into: Uint8Array): number;
  /** As write(2), of the first `length` bytes. */
  writeNow(fd: number, bytes: Uint8Array, length: number): void;
  /** Programs that this process starts do not get `fd`. */
  closeInChildren(fd: number): void;
  /** What the call gives back lands in `data`. */
  ioctl(fd: number, command: number, data: Uint8Array): void;
  /** An extended attribute of an open file or folder; `into` has room for it. */
  getAttribute(fd: number, name: string, into: Uint8Array): void;
  /** Ends the process as it is: without waiting for its threads. */
  exit(code: number): void;
  /** The process leaves its terminal and its group. */
  setSession(): void;
  duplicateTo(from: number, to: number): void;
  /** Sends a datagram to a socket of the file system, or of Linux' abstract ones with a zero for the first byte. */
  sendDatagram(address: Uint8Array, data: Uint8Array): void;
}

let loaded: NativeCalls | undefined;

/** Throws where koffi has no build for this platform. */
export function nativeCalls(): NativeCalls {
  loaded ??= load();
  return loaded;
}

// Of <sys/socket.h>, as Linux has them on x86, ARM and RISC-V.
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;
// Of <fcntl.h>, as Linux has them on x86, ARM and RISC-V.
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const F_SETFL = 4;
const F_SETOWN_EX = 15;
const F_OWNER_TID = 0;
const O_ASYNC = 0o20000;
const O_CLOEXEC = 0o2000000;
// Of <poll.h>.
const POLLIN = 1;

function load(): NativeCalls {
  const library = loadLibrary();
  const mount = library.func(
    'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
  );
  const socket = library.func('int socket(int domain, int type, int protocol)');
  const pipe2 = library.func('int pipe2(void *pair, int flags)');
  const socketpair = library.func('int socketpair(int domain, int type, int protocol, void *pair)');
  const recvmsg = library.func('long recvmsg(int fd, void *message, int flags)');
  const sendto = library.func(
    'long sendto(int fd, const void *data, size_t size, int flags, const void *to, int length)',
  );
  const fcntl = library.func('int fcntl(int fd, int command, ...)');
  const read = library.func('long read(int fd, void *data, size_t size)');
  const write = library.func('long write(int fd, const void *data, size_t size)');
  const ppoll = library.func('int ppoll(void *fds, unsigned long count, const void *timeout, const void *signals)');
  const ioctl = library.func('int ioctl(int fd, unsigned long command, void *data)');
  const fgetxattr = library.func('long fgetxattr(int fd, const char *name, void *value, size_t size)');
  const exit = library.func('int _exit(int status)');
  const setsid = library.func('int setsid()');
  const dup2 = library.func('int dup2(int from, int to)');

  // Kept, as they are passed for each request of a mount. struct pollfd: the descriptor, what is waited for, what there is;
  // struct timespec: seconds, nanoseconds.
  const polled = Int32Array.of(0, POLLIN);
  const pollTime = new BigInt64Array(2);

  const check = (result: number, syscall: string): number => {
    if (result < 0) throw library.error(syscall);
    return result;
  };
  return {
    mount: (source, target, type, flags, data) => void check(mount(source, target, type, flags, data), 'mount'),
    pipe() {
      const pair = new Int32Array(2);
      check(pipe2(pair, O_CLOEXEC), 'pipe2');
      return [pair[0] as number, pair[1] as number];
    },
    socketPair() {
      const pair = new Int32Array(2);
      check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 'socketpair');
      return [pair[0] as number, pair[1] as number];
    },
    receiveDescriptor(fd) {
      const data = new Uint8Array(1);
      // struct cmsghdr: the length, SOL_SOCKET, SCM_RIGHTS, then the descriptor.
      const control = new Uint8Array(24);
      const vector = BigUint64Array.of(library.address(data), BigInt(data.length));
      // struct msghdr: no address, one struct iovec, the control message.
      const message = BigUint64Array.of(
        0n,
        0n,
        library.address(vector),
        1n,
        library.address(control),
        BigInt(control.length),
        0n,
      );
      check(recvmsg(fd, message, MSG_CMSG_CLOEXEC), 'recvmsg');
      const view = new DataView(control.buffer);
      const isDescriptor = view.getInt32(8, true) === SOL_SOCKET && view.getInt32(12, true) === SCM_RIGHTS;
      return isDescriptor ? view.getInt32(16, true) : null;
    },
    // struct f_owner_ex; a process's first thread has its number.
    signalFirstThread: (fd) =>
      void check(fcntl(fd, F_SETOWN_EX, 'void *', Int32Array.of(F_OWNER_TID, process.pid)), 'fcntl'),
    signalReadable: (fd, isOn) =>
      void check(fcntl(fd, F_SETFL, 'int', fileFlags.O_NONBLOCK | (isOn ? O_ASYNC : 0)), 'fcntl'),
    waitReadable(fd, milliseconds) {
      polled[0] = fd;
      pollTime[1] = BigInt(Math.round(milliseconds * 1e6));
      return ppoll(polled, 1, pollTime, null) > 0;
    },
    readNow(fd, into) {
      const length = read(fd, into, into.length);
      return length < 0 && library.hasFailedWith('EAGAIN') ? 0 : check(length, 'read');
    },
    writeNow: (fd, bytes, length) => void check(write(fd, bytes, length), 'write'),
    closeInChildren: (fd) => void check(fcntl(fd, F_SETFD, 'int', FD_CLOEXEC), 'fcntl'),
    ioctl: (fd, command, data) => void check(ioctl(fd, command, data), 'ioctl'),
    getAttribute: (fd, name, into) => void check(fgetxattr(fd, name, into, into.length), 'fgetxattr'),
    exit: (code) => void exit(code),
    setSession: () => void check(setsid(), 'setsid'),
    duplicateTo: (from, to) => void check(dup2(from, to), 'dup2'),
    sendDatagram(address, data) {
      const fd = check(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'socket');
      try {
        // struct sockaddr_un: the family, the path.
        const to = Uint8Array.of(AF_UNIX, 0, ...address);
        check(sendto(fd, data, data.length, MSG_NOSIGNAL, to, to.length), 'sendto');
      } finally {
        closeSync(fd);
      }
    },
  };
}
