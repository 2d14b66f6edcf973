import { Failure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { Store } from './store.ts';
import { percentEncode, type Target } from './target.ts';

/** One line of a listing as the store writes it: an object, a common prefix or, in the account, a container. */
export interface Listed {
  readonly name?: string;
  readonly subdir?: string;
  /** Of an object, or of all objects of a container. */
  readonly bytes?: number;
  /** Objects in a container. */
  readonly count?: number;
  readonly hash?: string;
  readonly content_type?: string;
  /** Swift's mark of a static large object. */
  readonly slo_etag?: string;
}

const pageSize = 1000;
// 1,000 names of 1,024 bytes, each escaped to six, and what stands around them.
const longestPage = 16 * 2 ** 20;

/** A listing page by page; the next one is asked for while one is worked on.
 *  Throws Failure('folder-not-found') for a missing container. */
export async function* pages(
  store: Store,
  container: string,
  options: { readonly prefix?: string; readonly delimiter?: string; readonly path: string },
  call?: Call,
): AsyncGenerator<readonly Listed[]> {
  let limit: number | null = pageSize;
  const request = async (marker: string): Promise<readonly Listed[]> => {
    const query = queryOf({ limit, prefix: options.prefix, delimiter: options.delimiter, marker });
    const target: Target = { container, name: '' };
    const response = await store.service.send({
      ...{ method: 'GET', target, query, path: options.path, signal: call?.signal, accept: [412] },
      headers: { accept: 'application/json' },
    });
    if (response.status !== 412) return parsePage(await response.text(longestPage), options.path);
    await response.discard();
    if (limit === null) throw new Failure('usage', `${options.path}: the store does not list this`);
    // The cluster's own limit is lower: take pages of whatever size it likes.
    limit = null;
    return request(marker);
  };

  let next: Promise<readonly Listed[]> | null = request('');
  while (next) {
    const page: readonly Listed[] = await next;
    const last = page.at(-1);
    next = last && (limit === null || page.length >= limit) ? request(last.name ?? last.subdir ?? '') : null;
    // Nobody may come for it.
    next?.catch(() => {});
    if (page.length > 0) yield page;
  }
}

function queryOf(parts: Readonly<Record<string, string | number | null | undefined>>): string {
  const set = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return ['format=json', ...set.map(([key, value]) => `${key}=${percentEncode(String(value))}`)].join('&');
}

function parsePage(text: string, path: string): readonly Listed[] {
  if (text === '') return [];
  try {
    return JSON.parse(text) as Listed[];
  } catch (error) {
    throw new Failure('transient', `${path}: the store sent a listing that cannot be read`, { path, cause: error });
  }
}
