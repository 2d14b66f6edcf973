import type { TransportSettings } from '../../core/backend.ts';
import type { Bytes, Range } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import type { HttpResponse } from './client.ts';
import { pause, retryDelay } from './retry.ts';

export interface ResumableRead {
  /** What messages call it. */
  readonly path: string;
  readonly range?: Range | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sends the GET with these headers besides its own, retries included. Resolves for 200, 206 and 416 alone;
   *  throws Failure('changed') for 412. */
  open(headers: Readonly<Record<string, string>>): Promise<HttpResponse>;
  /** Sees the headers of the first answer. */
  onOpen?(headers: Readonly<Record<string, string>>): void;
}

/** The bytes of an object, or of a range clipped to it. A body that is cut or stalls is taken up where it ended, under
 *  If-Match, up to `--low-level-retries` times without a byte between. What is short in the end throws, and so does an
 *  object that changed in the meantime, Failure('changed'), and an answer whose end nobody could tell from a broken
 *  connection, Failure('unsupported'). */
export async function* resumedRead(
  settings: Pick<TransportSettings, 'lowLevelRetries'>,
  report: Report,
  read: ResumableRead,
): Bytes {
  const { path, range: { start, end } = { start: 0 }, signal } = read;
  if (end !== undefined && end <= start) return;
  let state: Opened | undefined;
  let offset = start;
  for (let tries = 1; ; tries++) {
    const response = await read.open(conditions(offset, end, state));
    const opened = await describe(response, offset, path);
    if (opened === null && !state) return;
    if (opened === null || (state && (opened.tag !== state.tag || opened.end !== state.end))) {
      await response.discard();
      throw new Failure('changed', `${path}: changed while it was read`, { path });
    }
    if (!state) read.onOpen?.(response.headers);
    state = opened;
    try {
      for await (const piece of response.body) {
        tries = 0;
        offset += piece.length;
        yield piece;
      }
      if (state.end !== null && offset < state.end) {
        throw new Failure('transient', `${path}: the body ended ${state.end - offset} bytes early`, { path });
      }
      return;
    } catch (error) {
      throwIfCancelled(signal, path);
      if (offset === state.end) return;
      if (!isFailure(error) || !error.retryable || tries >= settings.lowLevelRetries) throw error;
      report.debug(path, `reading goes on at byte ${offset}: ${error.message}`);
      await pause(retryDelay(error, tries) ?? 0, signal);
    }
  }
}

interface Opened {
  /** Where the asked bytes end in the object; null when the store did not say. */
  readonly end: number | null;
  readonly tag: string | undefined;
}

function conditions(offset: number, end: number | undefined, state: Opened | undefined): Record<string, string> {
  const isWhole = offset === 0 && end === undefined;
  return {
    ...(!isWhole && { range: `bytes=${offset}-${end === undefined ? '' : end - 1}` }),
    ...(state?.tag !== undefined && { 'if-match': state.tag }),
  };
}

/** Null where the object has no such bytes. */
async function describe(response: HttpResponse, offset: number, path: string): Promise<Opened | null> {
  const { status, headers } = response;
  if (status !== 416 && (status !== 200 || offset === 0)) {
    const { 'content-length': length, 'transfer-encoding': chunks, etag: tag } = headers;
    if (length !== undefined) return { end: offset + Number(length), tag };
    if (chunks !== undefined) return { end: null, tag };
    await response.discard();
    // It ends with its connection, as it does when that breaks: a sealed file cut behind a chunk would look whole.
    throw new Failure('unsupported', `${path}: the store does not say where the bytes end`, { path });
  }
  await response.discard();
  if (status === 416) return null;
  throw new Failure('unsupported', `${path}: the store does not serve ranges`, { path });
}
