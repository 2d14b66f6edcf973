import { readFileSync } from 'node:fs';
import { thisUser } from '../core/user.ts';

/** Names of users and groups by their number; '' where this machine does not know. */
export interface Owners {
  user(uid: number): string;
  group(gid: number): string;
}

/** From this machine's own files: names that come from elsewhere are known for the user alone. */
export function readOwners(): Owners {
  const own = thisUser();
  const users = namesById('/etc/passwd');
  if (own) users.set(own.uid, own.username);
  const groups = namesById('/etc/group');
  return { user: (uid) => users.get(uid) ?? '', group: (gid) => groups.get(gid) ?? '' };
}

function namesById(path: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of readLines(path)) {
    const [name = '', , id] = line.split(':');
    if (id !== undefined && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    // Numbers do as well as names.
    return [];
  }
}
