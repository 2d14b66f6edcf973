import { join } from 'node:path';
import { expandHome } from '../../core/user.ts';

/** Where the caches of mounts are kept unless --cache-dir says otherwise: where the XDG base directory specification puts
 *  caches. Throws Failure('usage') where there is no home. */
export function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CACHE_HOME } = environment;
  return join(XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : expandHome('~/.cache', environment), 'coffer');
}
