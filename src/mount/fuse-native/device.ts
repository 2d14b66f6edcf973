import { fstatSync, readdirSync, type Stats } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// fuse-native does not tell that a mount has ended. libfuse then closes its /dev/fuse.
const interval = 100;

/** Descriptors of devices that this process has open. */
export function openDevices(): ReadonlyMap<number, Stats> {
  const devices = new Map<number, Stats>();
  for (const name of readdirSync('/dev/fd')) {
    const stats = statOf(Number(name));
    if (stats?.isCharacterDevice()) devices.set(Number(name), stats);
  }
  return devices;
}

/** Resolves when those that have been opened since `before` are closed. */
export async function closedSince(before: ReadonlyMap<number, Stats>): Promise<void> {
  const opened = [...openDevices()].filter(([fd]) => !before.has(fd));
  while (opened.some(([fd, stats]) => statOf(fd)?.rdev === stats.rdev)) await sleep(interval);
}

function statOf(fd: number): Stats | null {
  try {
    return fstatSync(fd);
  } catch {
    return null;
  }
}
