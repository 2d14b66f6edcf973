import { type UserInfo, userInfo } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Who runs this program, as the system knows them; null where it does not know them, like a container's made-up user. */
export function thisUser(): UserInfo<string> | null {
  try {
    return userInfo();
  } catch {
    return null;
  }
}

/** Null where neither HOME nor the system tells. */
export function homeFolder({ HOME }: Variables): string | null {
  return HOME || (thisUser()?.homedir ?? null);
}

/** `~/x` as a shell expands it, which leaves it alone in `--key=~/x`, in variables and in the config. Throws
 *  Failure('usage') where there is no home. */
export function expandHome(path: string, environment: Variables): string {
  if (!path.startsWith('~/')) return path;
  const home = homeFolder(environment);
  if (home === null)
    throw new Failure('usage', `${path}: this user has no home folder: set HOME, or give an absolute path`);
  return join(home, path.slice(2));
}
