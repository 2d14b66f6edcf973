import { nowInNanoseconds } from '../../core/now.ts';
import type { Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { ContentStore } from '../content.ts';
import { createUploads, type RetryTimes } from '../uploads.ts';
import { type ContentContext, createDirectContent, type DirectContent } from './content.ts';
import type { ReaderOptions } from './reader.ts';

export interface DirectOptions {
  /** A folder of this machine for what is written and not yet uploaded: sealed, in files without a name. */
  readonly spoolFolder: string;
  readonly reading: ReaderOptions;
  readonly retries: RetryTimes;
}

export const defaultRetries: RetryTimes = { firstRetry: 1000, lastRetry: 60_000 };

/** Reads straight from the remote, uploads at each close: `--vfs-cache-mode off` and `minimal`, but with writes anywhere. */
export function createDirectStore(remote: Remote, options: DirectOptions, report: Report): ContentStore {
  const uploads = createUploads<DirectContent>(options.retries, report, (file) => uploads.attempt(file));
  const context: ContentContext = {
    remote,
    uploads,
    folder: options.spoolFolder,
    reading: options.reading,
    report,
    now: nowInNanoseconds,
  };
  return {
    open: (entry) => createDirectContent(context, entry.path, entry),
    create: (path) => createDirectContent(context, path, null),
    // Nothing outlives the process.
    noteMove: async () => async () => {},
    recovered: () => [],
    pending: uploads.pending,
    drain: uploads.drain,
    async [Symbol.asyncDispose]() {
      uploads.stop();
      await Promise.all(Array.from(uploads.files, (file) => file.end()));
    },
  };
}
