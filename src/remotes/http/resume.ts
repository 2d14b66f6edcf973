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
 *  object that changed in the meantime: Failure('changed'). */
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
    try {
      const response = await read.open(conditions(offset, end, state));
      if (response.status === 416) {
        await response.discard();
        if (state) throw changed(path);
        return;
      }
      const opened = describe(response, offset, path);
      if (!state) read.onOpen?.(response.headers);
      else if (opened.tag !== state.tag || opened.end !== state.end) {
        await response.discard();
        throw changed(path);
      }
      state = opened;
      for await (const piece of response.body) {
        tries = 0;
        offset += piece.length;
        yield piece;
      }
      if (state.end === null || offset === state.end) return;
      throw new Failure('transient', `${path}: the body ended ${state.end - offset} bytes early`, { path });
    } catch (error) {
      throwIfCancelled(signal, path);
      const delay =
        isFailure(error) && error.retryable && tries < settings.lowLevelRetries ? retryDelay(error, tries) : null;
      if (delay === null) throw error;
      report.debug(path, `reading goes on at byte ${offset}: ${(error as Failure).message}`);
      await pause(delay, signal);
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

function describe({ status, headers }: HttpResponse, offset: number, path: string): Opened {
  if (status === 200 && offset > 0)
    throw new Failure('unsupported', `${path}: the store does not serve ranges`, { path });
  const length = headers['content-length'];
  return { end: length === undefined ? null : offset + Number(length), tag: headers.etag };
}

function changed(path: string): Failure {
  return new Failure('changed', `${path}: changed while it was read`, { path });
}
