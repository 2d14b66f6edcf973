import { readFile } from 'node:fs/promises';
import { bytesToName } from '../../core/name-bytes.ts';

/** One line of /proc/self/mountinfo (proc(5)). */
export interface MountEntry {
  /** `0:51`: the device's major and minor number. */
  readonly device: string;
  readonly mountPoint: string;
  /** `fuse.coffer` */
  readonly type: string;
  readonly source: string;
  /** Of FUSE, the user who has mounted it. */
  readonly userId: number | null;
}

/** All that this process sees mounted; the topmost of a path comes last. */
export async function mountTable(): Promise<readonly MountEntry[]> {
  return parseMountTable(bytesToName(await readFile('/proc/self/mountinfo')));
}

/** What is mounted at an absolute path without symbolic links, the topmost; null where nothing is. */
export async function mountAt(path: string): Promise<MountEntry | null> {
  return (await mountTable()).findLast(({ mountPoint }) => mountPoint === path) ?? null;
}

export function parseMountTable(text: string): readonly MountEntry[] {
  const entries: MountEntry[] = [];
  for (const line of text.split('\n')) {
    const [fields = '', rest = ''] = line.split(' - ');
    const [, , device, , mountPoint] = fields.split(' ');
    const [type, source, options = ''] = rest.split(' ');
    if (device === undefined || mountPoint === undefined || type === undefined) continue;
    const user = /(?:^|,)user_id=(\d+)/.exec(options)?.[1];
    entries.push({
      ...{ device, mountPoint: unescapeOctal(mountPoint), type, source: unescapeOctal(source ?? '') },
      userId: user === undefined ? null : Number(user),
    });
  }
  return entries;
}

/** Spaces, tabs, line ends and backslashes stand as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
