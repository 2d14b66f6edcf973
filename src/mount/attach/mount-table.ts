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
}

/** What is mounted at an absolute path without symbolic links, the topmost; null where nothing is. */
export async function mountAt(path: string): Promise<MountEntry | null> {
  const table = bytesToName(await readFile('/proc/self/mountinfo'));
  return parseMountTable(table).findLast(({ mountPoint }) => mountPoint === path) ?? null;
}

export function parseMountTable(text: string): readonly MountEntry[] {
  const entries: MountEntry[] = [];
  for (const line of text.split('\n')) {
    const [fields = '', rest = ''] = line.split(' - ');
    const [, , device, , mountPoint] = fields.split(' ');
    const [type, source] = rest.split(' ');
    if (device === undefined || mountPoint === undefined || type === undefined) continue;
    entries.push({ device, mountPoint: unescapeOctal(mountPoint), type, source: unescapeOctal(source ?? '') });
  }
  return entries;
}

/** Spaces, tabs, line ends and backslashes stand as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
