import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { homeFolder } from '../core/user.ts';
import type { Environment } from './environment.ts';

/** The absolute path of the config file, which need not exist; null for a config that lives in memory only.
 *  `flag` is what `--config` was given. Same places and order as rclone's, save the folder of the program itself. */
export function locateConfig(flag: string | undefined, environment: Environment): string | null {
  const chosen = flag ?? environment.RCLONE_CONFIG;
  if (chosen !== undefined) return isMemoryOnly(chosen) ? null : resolve(chosen);
  const places = defaultPlaces(environment);
  return places.find((place) => existsSync(place)) ?? places[0] ?? resolve('.rclone.conf');
}

function isMemoryOnly(path: string): boolean {
  return path === '' || path === '/dev/null' || basename(path) === 'notfound';
}

function defaultPlaces(environment: Environment): string[] {
  const xdg = environment.XDG_CONFIG_HOME;
  const home = homeFolder(environment);
  return [
    ...(xdg ? [join(xdg, 'rclone', 'rclone.conf')] : []),
    ...(home ? [join(home, '.config', 'rclone', 'rclone.conf'), join(home, '.rclone.conf')] : []),
  ];
}
