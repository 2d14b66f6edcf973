import { fstatSync, readdirSync, type Stats } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// fuse-native does not tell that a mount has ended. libfuse then closes its /dev/fuse.
const interval = 100;

/** Descriptors of this process. */
export type Devices = ReadonlyMap<number, Stats>;

// 10:229, of Linux' devices.txt. macOS has one of its own for each mount.
const fuseDevice = 10 * 256 + 229;

/** Those that may be of mounts. */
export function openDevices(): Devices {
  const devices = new Map<number, Stats>();
  for (const name of readdirSync('/dev/fd')) {
    const stats = statOf(Number(name));
    if (!stats?.isCharacterDevice()) continue;
    if (process.platform !== 'linux' || stats.rdev === fuseDevice) devices.set(Number(name), stats);
  }
  return devices;
}

/** Those that may be of mounts and were not open `before`. */
export function openedSince(before: Devices): Devices {
  return new Map([...openDevices()].filter(([fd]) => !before.has(fd)));
}

/** Resolves when none of them is open any more. */
export async function allClosed(devices: Devices): Promise<void> {
  while ([...devices].some(([fd, stats]) => statOf(fd)?.rdev === stats.rdev)) await sleep(interval);
}

function statOf(fd: number): Stats | null {
  try {
    return fstatSync(fd);
  } catch {
    return null;
  }
}
