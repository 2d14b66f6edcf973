import { bytesToName } from '../../core/name-bytes.ts';
import { fuse_in_header } from './messages.ts';

export type RequestHeader = ReturnType<typeof fuse_in_header.decode>;

/** One request of the kernel. */
export interface Request {
  readonly header: RequestHeader;
  /** What follows the header. */
  readonly body: Uint8Array;
}

/** Throws RangeError for less than a header. */
export function decodeRequest(message: Uint8Array): Request {
  return { header: fuse_in_header.decode(message), body: message.subarray(fuse_in_header.size) };
}

/** The name at `offset` of a body, which a zero ends, and where the next one begins. */
export function nameAt(body: Uint8Array, offset: number): { readonly name: string; readonly next: number } {
  const end = body.indexOf(0, offset);
  if (end < 0) throw new RangeError('a name without an end');
  return { name: bytesToName(body.subarray(offset, end)), next: end + 1 };
}
