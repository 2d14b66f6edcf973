import type { Bytes } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import type { OpenedFile } from '../../core/remote.ts';

type Headers = Readonly<Record<string, string>>;

/** Begins to read a file, and describes it by the headers that came with its first bytes. */
export async function openedFile(
  read: (onOpen: (headers: Headers) => void) => Bytes,
  describe: (headers: Headers) => FileEntry,
): Promise<OpenedFile> {
  let headers: Headers = {};
  const onOpen = (given: Headers): void => {
    headers = given;
  };
  const iterator = read(onOpen)[Symbol.asyncIterator]();
  const first = await iterator.next();
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };

  async function* bytes(): Bytes {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await close();
    }
  }
  return { entry: describe(headers), bytes: bytes(), [Symbol.asyncDispose]: close };
}
