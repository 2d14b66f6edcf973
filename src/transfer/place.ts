import type { Location } from '../core/remote.ts';

/** Whether it is a whole remote, or a bucket: no file can be that. */
export function isTop({ remote, path }: Location): boolean {
  return path === '' || (remote.features.buckets && !path.includes('/'));
}

/** What messages add of a file that comes to `path`: nothing where it has that path already. */
export function toPath(path: string, old: string): string {
  return path === old ? '' : ` to: ${path}`;
}

/** A location as messages show it: `allas-crypt:job_6`, `/home/me/job_6`. */
export function placeName({ remote, path }: Location): string {
  return remote.label === '' ? `/${path}` : `${remote.label}${path}`;
}
