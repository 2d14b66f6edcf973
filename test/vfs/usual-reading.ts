import type { ReaderOptions } from '../../src/vfs/direct/reader.ts';

/** As rclone's defaults have a mount read. */
export const usualReading: ReaderOptions = { size: 128 << 20, limit: -1, wait: 20 };
