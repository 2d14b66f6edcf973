import { nativeCalls } from '../../mount/attach/native.ts';

/** Tells the service manager how far this process is, where it asked for that: sd_notify(3). Nothing depends on it being
 *  heard. */
export function notifySystemd(state: string, environment: Readonly<Record<string, string | undefined>>): void {
  const socket = environment.NOTIFY_SOCKET;
  if (!socket) return;
  const address = Buffer.from(socket);
  // `@` stands for the zero byte of Linux' abstract sockets.
  if (socket.startsWith('@')) address[0] = 0;
  try {
    nativeCalls().sendDatagram(address, Buffer.from(state));
  } catch {
    // systemd-notify(1) does not mind either.
  }
}
