import type { TransportSettings } from '../../core/backend.ts';
import { type Bytes, type Range, streamOrWhole } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { pause } from '../../core/pause.ts';
import type { Report } from '../../core/report.ts';
import type { HttpResponse } from './client.ts';
import { retryDelay } from './retry.ts';

export interface ResumableRead {
  /** What messages call it. */
  readonly path: string;
  readonly range?: Range | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sends the GET with these headers besides its own, retries included. Resolves for 200, 206 and 416 alone;
   *  throws Failure('changed') for 412. */
  open(headers: Readonly<Record<string, string>>): Promise<HttpResponse>;
  /** Sees the headers of the first answer. Where it throws, the reading is over. */
  onOpen?(headers: Readonly<Record<string, string>>): void;
}

/** An object whose first answer is there. */
export interface BegunRead {
  /** Of that answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** See `resumedRead`; to be read once. `whole` is null where it is cut, and to be iterated then. */
  readonly bytes: Bytes;
  /** Ends the reading, whole or not. */
  close(): Promise<void>;
}

type Settings = Pick<TransportSettings, 'lowLevelRetries'>;

/** The bytes of an object, or of a range clipped to it. Where a body is cut or stalls, reading goes on at that byte, under
 *  If-Match; it is given up after `--low-level-retries` tries that bring no byte. Throws Failure('changed') for an object
 *  that changed in the meantime, and Failure('unsupported') for an answer whose end nobody could tell from a broken
 *  connection, and for one that holds other bytes than were asked for. */
export async function* resumedRead(settings: Settings, report: Report, read: ResumableRead): Bytes {
  const { start, end } = read.range ?? { start: 0 };
  if (end !== undefined && end <= start) return;
  const begun = await beginRead(settings, report, read);
  if (begun) yield* begun.bytes;
}

/** As `resumedRead`, of a range that is not empty. Null where the object has no such bytes. */
export async function beginRead(settings: Settings, report: Report, read: ResumableRead): Promise<BegunRead | null> {
  const first = await answerAt(read, read.range?.start ?? 0, undefined);
  if (!first) return null;
  const { response } = first;
  try {
    read.onOpen?.(response.headers);
  } catch (error) {
    response.abandon();
    throw error;
  }
  let pieces: AsyncGenerator<Uint8Array> | undefined;
  const begin = (): AsyncGenerator<Uint8Array> => {
    pieces = resumed(settings, report, read, first);
    return pieces;
  };
  return {
    headers: response.headers,
    bytes: streamOrWhole(begin, response.body.whole),
    async close() {
      await pieces?.return(undefined);
      response.abandon();
    },
  };
}

async function* resumed(
  { lowLevelRetries }: Settings,
  report: Report,
  read: ResumableRead,
  first: Answer,
): AsyncGenerator<Uint8Array> {
  const { path, signal, range } = read;
  const limit = range?.end ?? Number.POSITIVE_INFINITY;
  let offset = range?.start ?? 0;
  let { response, end } = first;
  for (let tries = 1; ; tries++) {
    try {
      for await (const piece of response.body) {
        tries = 0;
        offset += piece.length;
        if (offset > limit) throw noRanges(path);
        yield piece;
      }
      if (end !== null && offset < end) {
        throw new Failure('transient', `${path}: the body ended ${end - offset} bytes early`, { path });
      }
      return;
    } catch (error) {
      throwIfCancelled(signal, path);
      if (offset === end) return;
      if (!isFailure(error) || !error.retryable || tries >= lowLevelRetries) throw error;
      report.debug(path, `reading goes on at byte ${offset}: ${error.message}`);
      await pause(retryDelay(error, tries) ?? 0, signal);
    }
    const next = await answerAt(read, offset, first.tag);
    if (next === null || !isSame(first, next)) {
      await next?.response.discard();
      throw new Failure('changed', `${path}: changed while it was read`, { path });
    }
    ({ response, end } = next);
  }
}

/** Chunks do not tell where they end, a later answer may: the tag alone vouches for it then. A dynamic large object of Swift may
 *  have no tag. */
function isSame(first: Answer, next: Answer): boolean {
  if (next.tag !== first.tag) return false;
  if (first.tag === undefined) return next.end === first.end && next.modified === first.modified;
  return next.end === first.end || first.end === null;
}

interface Answer {
  readonly response: HttpResponse;
  /** Where the asked bytes end in the object; null when the store did not say. */
  readonly end: number | null;
  readonly tag: string | undefined;
  /** As the store spells it. */
  readonly modified: string | undefined;
}

/** The bytes that are left from `offset` on; null where the object has none. */
async function answerAt(read: ResumableRead, offset: number, ifMatch: string | undefined): Promise<Answer | null> {
  const { path, range } = read;
  const response = await read.open(conditions(offset, range?.end, ifMatch));
  try {
    if (response.status !== 416) {
      const { etag: tag, 'last-modified': modified } = response.headers;
      return { response, end: endOf(response, offset, range?.end, path), tag, modified };
    }
  } catch (error) {
    await response.discard();
    throw error;
  }
  await response.discard();
  return null;
}

/** Where the bytes from `offset` to `asked` end by this answer; null where it does not say. Throws Failure('unsupported')
 *  for an answer that holds other bytes, and for one whose end nobody could tell. */
function endOf(
  { status, headers }: HttpResponse,
  offset: number,
  asked: number | undefined,
  path: string,
): number | null {
  const { 'content-length': length, 'transfer-encoding': chunks } = headers;
  const { start, total } = status === 206 ? partIn(headers['content-range']) : { start: 0, total: null };
  const here = length === undefined ? null : offset + Number(length);
  const isMore = asked !== undefined && (here === null ? status === 200 : here > asked);
  if (isMore || start !== offset) throw noRanges(path);
  // It ends with its connection, as it does when that breaks: a sealed file cut behind a chunk would look whole.
  if (length === undefined && chunks === undefined)
    throw new Failure('unsupported', `${path}: the store does not say where the bytes end`, { path });
  // A store may give less than was asked for: what is missing then is asked for again.
  return total === null ? here : Math.min(total, asked ?? total);
}

function noRanges(path: string): Failure {
  return new Failure('unsupported', `${path}: the store does not serve ranges`, { path });
}

/** What a Content-Range says: where the part begins in the object, and how long that is; null for what it does not say. */
function partIn(header = ''): { readonly start: number | null; readonly total: number | null } {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header) ?? [];
  return { start: start === undefined ? null : Number(start), total: /^\d+$/.test(total ?? '') ? Number(total) : null };
}

function conditions(offset: number, end: number | undefined, ifMatch: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  if (offset > 0 || end !== undefined) headers.range = `bytes=${offset}-${end === undefined ? '' : end - 1}`;
  // A weak tag matches nothing here (RFC 9110, 13.1.1): it is compared with that of the answer alone.
  if (ifMatch !== undefined && !ifMatch.startsWith('W/')) headers['if-match'] = ifMatch;
  return headers;
}
