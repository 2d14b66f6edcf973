import { Failure } from '../../core/failure.ts';
import { isObject, isOptional } from '../../core/json.ts';
import type { Call } from '../../core/remote.ts';
import { type Asked, requireAsked } from '../http/asked-names.ts';
import { parseList } from './parse-list.ts';
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
  /** UTC, without a zone: `2024-02-29T12:34:56.123456`. */
  readonly last_modified?: string;
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
  const { prefix = '', delimiter = '' } = options;
  const asked: Asked = { prefix, isFlat: delimiter !== '', path: options.path };
  const request = async (marker: string): Promise<readonly Listed[]> => {
    const query = queryOf({ limit, prefix, delimiter, marker });
    const target: Target = { container, name: '' };
    const response = await store.service.send({
      ...{ method: 'GET', target, query, path: options.path, signal: call?.signal, accept: [412] },
      headers: { accept: 'application/json' },
    });
    if (response.status !== 412) {
      const text = await response.text(longestPage);
      return response.status === 204 ? [] : parseList(text, options.path, isListed);
    }
    await response.discard();
    if (limit === null) throw new Failure('usage', `${options.path}: the store does not list this`);
    // The cluster's own limit is lower: take pages of whatever size it likes.
    limit = null;
    return request(marker);
  };

  const marks = new Set<string>();
  let next: Promise<readonly Listed[]> | null = request('');
  while (next) {
    const page: readonly Listed[] = await next;
    for (const { name, subdir } of page) requireAsked(asked, subdir ?? name ?? '', subdir !== undefined);
    const last = page.at(-1);
    const goesOn = last && (limit === null || page.length >= limit);
    const reached = last?.name ?? last?.subdir ?? '';
    if (goesOn && marks.has(reached)) {
      throw new Failure('corrupt', `${options.path}: the store repeats its pages for ever`, { path: options.path });
    }
    marks.add(reached);
    next = goesOn ? request(reached) : null;
    // Nobody may come for it.
    next?.catch(() => {});
    if (page.length > 0) yield page;
  }
}

function queryOf(parts: Readonly<Record<string, string | number | null | undefined>>): string {
  const set = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return ['format=json', ...set.map(([key, value]) => `${key}=${percentEncode(String(value))}`)].join('&');
}

function isListed(value: unknown): value is Listed {
  if (!isObject(value)) return false;
  const { name, subdir, bytes, count, hash, content_type, last_modified, slo_etag } = value;
  const areTexts = isOptional(name, 'string') && isOptional(subdir, 'string') && isOptional(hash, 'string');
  const areMore = isOptional(content_type, 'string') && isOptional(slo_etag, 'string');
  const areTimes = isOptional(last_modified, 'string');
  return areTexts && areMore && areTimes && isOptional(bytes, 'number') && isOptional(count, 'number');
}
