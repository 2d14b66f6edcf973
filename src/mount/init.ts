import { Failure } from '../core/failure.ts';
import { FUSE_KERNEL_MINOR_VERSION, FUSE_KERNEL_VERSION, initFlags } from './protocol/flags.ts';
import { type fuse_init_in, fuse_init_out } from './protocol/messages.ts';

/** Bytes of a file in one request, at most. */
export const largestRequest = 1 << 20;

const pageSize = 4096;
// Before FUSE_MAX_PAGES the kernel sent at most 32 pages at once.
const largestOldRequest = 32 * pageSize;
// Linux 4.20, the first with FUSE_MAX_PAGES, spoke 7.28; 7.23 (Linux 3.15) is the oldest with this form of the reply.
const oldestMinor = 23;
// Requests that the kernel sends without a program waiting for each, and from how many on it calls itself congested.
const background = { max_background: 64, congestion_threshold: 48 };

/** The answer to FUSE_INIT. Throws Failure('unsupported') for a kernel too old to talk to. */
export function answerInit(kernel: ReturnType<typeof fuse_init_in.decode>): Uint8Array {
  const { major, minor, max_readahead } = kernel;
  if (major < FUSE_KERNEL_VERSION || (major === FUSE_KERNEL_VERSION && minor < oldestMinor)) {
    throw new Failure(
      'unsupported',
      `this kernel speaks FUSE ${major}.${minor}: 7.${oldestMinor} is the oldest that works`,
    );
  }
  const flags = Object.values(initFlags).reduce((sum, flag) => sum | flag, 0) & kernel.flags;
  const hasMaxPages = (flags & initFlags.FUSE_MAX_PAGES) !== 0;
  // A kernel of a newer major version sends a second FUSE_INIT, in ours.
  return fuse_init_out.encode({
    major: FUSE_KERNEL_VERSION,
    minor: Math.min(minor, FUSE_KERNEL_MINOR_VERSION),
    max_readahead,
    flags: flags >>> 0,
    ...background,
    max_write: hasMaxPages ? largestRequest : largestOldRequest,
    time_gran: 1,
    max_pages: hasMaxPages ? largestRequest / pageSize : 0,
  });
}
