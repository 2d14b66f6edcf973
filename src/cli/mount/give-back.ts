import { loadLibrary } from '../../core/c-library.ts';
import { unlessBroken } from '../../crypto/quick.ts';

// Of glibc's <malloc.h>.
const M_MMAP_THRESHOLD = -3;
// What glibc begins with.
const pagesOfTheirOwn = 128 << 10;

/** Large buffers go back to the system when they are let go: docs/decisions/0296-buffers-go-back.md. C libraries other than
 *  glibc do as they do. */
export function giveBackBuffers(): void {
  unlessBroken(() => loadLibrary().func('int mallopt(int parameter, int value)')(M_MMAP_THRESHOLD, pagesOfTheirOwn));
}
