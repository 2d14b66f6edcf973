import type { Location } from '../core/remote.ts';

/** A location as messages show it: `allas-crypt:job_6`, `/home/me/job_6`. */
export function placeName({ remote, path }: Location): string {
  return remote.label === '' ? `/${path}` : `${remote.label}${path}`;
}
