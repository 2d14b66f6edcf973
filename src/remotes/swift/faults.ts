import { Failure, type FailureDetails, type FailureKind } from '../../core/failure.ts';
import type { HttpResponse } from '../http/client.ts';
import { readRetryAfter } from '../http/retry.ts';
import type { StoreRequest } from './service.ts';
import { longestName } from './target.ts';

/** What a status that the caller did not expect means. */
export async function faultOf(response: HttpResponse, request: StoreRequest): Promise<Failure> {
  const { status, headers } = response;
  const { path, target, method } = request;
  const text = (await response.text().catch(() => '')).slice(0, 4096);
  const failure = (kind: FailureKind, reason: string, details: FailureDetails = {}): Failure =>
    new Failure(kind, `${path || 'the account'}: ${reason}`, { path, ...details });

  if (status < 300) {
    const answer = `an answer of ${status} to ${method} is not from the store`;
    return failure('transient', `${answer}: check for a proxy or a login page in between`);
  }
  if (status === 404 && target.name === '') return failure('folder-not-found', 'no such container');
  if (status === 404) return failure('not-found', 'no such file');
  // The token is new: a store that does not reach Keystone at this moment answers so, too.
  if (status === 401) return failure('denied', 'the store does not accept the login', { retryable: true });
  if (status === 413 || status === 507 || /quota/i.test(text)) {
    return /quota/i.test(text) || status === 507
      ? failure('full', 'the quota is used up: remove something or ask for more')
      : failure('too-large', pieceTooLarge);
  }
  if (status === 403) {
    return failure(
      'denied',
      `no permission to ${method}: ask the owner of the container for access, or check the project`,
    );
  }
  if (status === 400 && Buffer.byteLength(target.name) > longestName) {
    return failure('too-large', `the name has ${Buffer.byteLength(target.name)} bytes, the store takes ${longestName}`);
  }
  if (status === 400 && text.includes('EntityTooLarge')) {
    return failure('too-large', pieceTooLarge);
  }
  if (status === 412) return failure('changed', 'changed in the meantime');
  if (status === 422) return failure('corrupt', 'the bytes did not arrive as they were sent', { retryable: true });
  if (isPassing(status)) {
    const retryAfter = readRetryAfter(headers['retry-after']) ?? (isTooFast(status) ? 0 : undefined);
    return failure('transient', `the store answers ${status}`, { retryAfter });
  }
  // What answers HEAD says no more than its status.
  const isOfContainer = status === 400 && target.name === '';
  const words = plainText(text) || (isOfContainer ? 'it may not take such a name for a container' : '');
  return failure('usage', `the store answers ${status} to ${method}${words && `: ${words}`}`);
}

const pieceTooLarge = 'larger than the store takes in one piece: set chunk_size lower';

// 498 is Swift's rate limit.
function isTooFast(status: number): boolean {
  return status === 429 || status === 498;
}

function isPassing(status: number): boolean {
  return isTooFast(status) || [408, 409, 423, 425, 499].includes(status) || status >= 500;
}

function plainText(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
