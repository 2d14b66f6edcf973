import { type Bytes, watched } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';

/** A failure of the base at the path `sealed`, in the words of the layer over it: the plain path takes its place. One
 *  about anything else, as the source of a write, stays as it is; so does one about the root, whose place in the base
 *  is what the user wrote in the config. */
export function plainFailure(error: unknown, sealed: string, path: string): unknown {
  if (!(error instanceof Failure) || path === '' || error.path === path) return error;
  if (error.path !== sealed && !error.message.includes(sealed)) return error;
  const { kind, retryable, retryAfter } = error;
  // A disk's messages begin at its root, which the layer's paths do not.
  const named = error.message.startsWith(`/${sealed}`) ? error.message.slice(1) : error.message;
  const message = named.replaceAll(sealed, () => path);
  return new Failure(kind, message, { path, cause: error, retryable, retryAfter });
}

/** A stream whose failures are told as `plainFailure` tells them. */
export function inPlainWords(bytes: Bytes, sealed: string, path: string): Bytes {
  return watched(bytes, { failureOf: (error) => plainFailure(error, sealed, path) });
}
