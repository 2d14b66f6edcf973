import type { Metadata, Nanoseconds } from '../core/entry.ts';
import { bytesToName, nameToBytes } from '../core/name-bytes.ts';
import { parseRfc3339 } from '../core/rfc3339.ts';
import type { FileAttributes } from './file-attributes.ts';

// A file's attributes as rclone's metadata: its local backend's keys. What a disk has no field for is an extended attribute.
const regularFile = 0o100000;
const typeBits = 0o170000;
const modeBits = 0o7777;
const userPrefix = 'user.';
/** Keys that are told otherwise, or that nobody can set. */
const notExtended = new Set(['mode', 'uid', 'gid', 'rdev', 'atime', 'mtime', 'btime']);
/** uid_t and gid_t without their last value, which stands for none. */
const largestId = 0xfffffffe;

export function attributesToMetadata({ mode, uid, gid, extended }: FileAttributes): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const [name, value] of extended) {
    const key = name.toLowerCase();
    if (key.startsWith(userPrefix) && !notExtended.has(key.slice(userPrefix.length))) {
      metadata.set(key.slice(userPrefix.length), bytesToName(value));
    }
  }
  if (mode !== undefined) metadata.set('mode', (regularFile | mode).toString(8));
  if (uid !== undefined) metadata.set('uid', String(uid));
  if (gid !== undefined) metadata.set('gid', String(gid));
  return metadata;
}

/** Null also for what is no time, of which `onInvalid` is told. */
export function timeIn(
  metadata: Metadata,
  key: 'atime' | 'mtime',
  onInvalid: (key: string, value: string) => void,
): Nanoseconds | null {
  const value = metadata.get(key);
  const time = value === undefined ? null : parseRfc3339(value);
  if (value !== undefined && time === null) onInvalid(key, value);
  return time;
}

/** Tells `onInvalid` of numbers that are none. The mode of what is no regular file is left out, as that of a symlink. */
export function metadataToAttributes(
  metadata: Metadata,
  onInvalid: (key: string, value: string) => void,
): FileAttributes {
  function numberAt(key: string, form: RegExp, base: number): number | undefined {
    const value = metadata.get(key);
    if (value === undefined) return undefined;
    if (form.test(value) && Number.parseInt(value, base) <= largestId) return Number.parseInt(value, base);
    onInvalid(key, value);
    return undefined;
  }
  const extended = new Map<string, Uint8Array>();
  for (const [key, value] of metadata) if (!notExtended.has(key)) extended.set(userPrefix + key, nameToBytes(value));
  const mode = numberAt('mode', /^[0-7]+$/, 8);
  const uid = numberAt('uid', /^\d+$/, 10);
  const gid = numberAt('gid', /^\d+$/, 10);
  return {
    ...(mode !== undefined && [0, regularFile].includes(mode & typeBits) && { mode: mode & modeBits }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    extended,
  };
}

/** What rclone says of a value that makes no sense. */
export function invalidValue(key: string, value: string): string {
  return `failed to parse metadata ${key}: ${JSON.stringify(value)}`;
}
