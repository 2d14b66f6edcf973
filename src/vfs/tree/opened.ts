import { type Awaitable, whenEnded, whenFailed, whenThere } from '../../core/awaitable.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Content, ContentStore, Opener } from '../content.ts';
import type { Handle, OpenMode } from '../vfs.ts';
import { askAgain, withTime } from './attributes.ts';
import { isLongHole, requireRoom } from './holes.ts';
import { isKeptKnown } from './kept.ts';
import { entryOf, type FileNode, giveContent } from './node.ts';
import type { Tree } from './tree.ts';

/** Opens a file of the tree. Throws Failure('corrupt') for one that is damaged. */
export async function openFile(tree: Tree, store: ContentStore, file: FileNode, how: OpenMode): Promise<Handle> {
  const content = await retainContent(tree, store, file);
  if (how.truncate) {
    try {
      await content.truncate(0);
      tree.touch(file);
    } catch (error) {
      await releaseContent(file, content, 'writer');
      throw error;
    }
  }
  return createHandle(tree, store, file, content, how);
}

/** Opens a file that nobody else knows of yet. */
export function openNew(
  tree: Tree,
  store: ContentStore,
  file: FileNode,
  content: Content,
  { read, write }: OpenMode,
): Handle {
  file.openCount++;
  content.retain();
  return createHandle(tree, store, file, content, { read, write, truncate: false });
}

/** `retained` is the file's content, or was. */
function createHandle(tree: Tree, store: ContentStore, file: FileNode, retained: Content, how: OpenMode): Handle {
  const opener: Opener = how.write || how.truncate ? 'writer' : 'reader';
  let content = retained;
  let hasUsed = how.truncate;
  if (opener === 'writer') file.writerCount++;

  function use<T>(action: (content: Content) => Awaitable<T>): Awaitable<T> {
    return whenFailed(
      () =>
        whenThere(action(content), (result) => {
          hasUsed = true;
          return result;
        }),
      (error) => useNext(error, action),
    );
  }

  /** A version that was replaced before its first use is none that this handle has to stay with. */
  async function useNext<T>(error: unknown, action: (content: Content) => Awaitable<T>): Promise<T> {
    if (hasUsed || content.isDirty || !isFailure(error, 'changed', 'not-found')) throw error;
    await tree.alone(file, () => askAgain(tree, file));
    const next = await retainContent(tree, store, file);
    const before = content;
    content = next;
    await releaseContent(file, before, opener);
    return action(next);
  }

  function writeTo(current: Content, offset: number | 'end', data: Uint8Array): Awaitable<void> {
    if (offset === 'end' || !isLongHole(current.size, offset)) return current.write(offset, data);
    return requireRoom(tree, file.name, offset + data.length).then(() => current.write(offset, data));
  }

  function requireReading(): void {
    if (!how.read) throw new Failure('denied', `${file.name}: is not open for reading`, { path: file.name });
  }

  return {
    node: file,
    async read(offset, length) {
      requireReading();
      return use((current) => current.read(offset, length));
    },
    async readSoon(offset, length, signal) {
      requireReading();
      return use((current) => current.readSoon(offset, length, signal));
    },
    readNow(offset, length) {
      const parts = how.read ? content.readNow(offset, length) : null;
      hasUsed ||= parts !== null;
      return parts;
    },
    write(offset, data) {
      if (!how.write) throw new Failure('denied', `${file.name}: is not open for writing`, { path: file.name });
      return whenThere(
        use((current) => writeTo(current, offset, data)),
        () => tree.touch(file),
      );
    },
    flush: () => (how.write ? content.flush() : undefined),
    sync: () => content.sync(),
    close() {
      if (opener === 'writer') file.writerCount--;
      return releaseContent(file, content, opener);
    },
  };
}

/** The content that all who have the file open share, with one more of them. */
export function retainContent(tree: Tree, store: ContentStore, file: FileNode): Promise<Content> {
  return tree.alone(file, async () => {
    const entry = entryOf(file);
    let { content } = file;
    if (!content) {
      const path = tree.path(file);
      if (!entry) throw new Failure('not-found', `${path}: no such file`, { path });
      if (entry.size < 0) throw new Failure('corrupt', `${path}: is damaged: its size is impossible`, { path });
      // An upload brings along what is kept.
      const timed = isKeptKnown(tree, entry) ? await withTime(tree, file, entry) : await askAgain(tree, file);
      file.entry = { ...timed, path, modified: timed.modified ?? tree.root.modified };
      content = giveContent(file, store.open(file.entry));
    }
    file.openCount++;
    content.retain();
    return content;
  });
}

/** What is done to a file that nobody has open is uploaded at once, and is due where nobody has it open to write. */
export async function withContent(
  tree: Tree,
  store: ContentStore,
  file: FileNode,
  action: (content: Content) => Promise<void>,
): Promise<void> {
  const wasOpen = file.content !== null;
  const content = await retainContent(tree, store, file);
  try {
    await action(content);
    if (!wasOpen) await content.flush();
  } finally {
    await releaseContent(file, content, file.writerCount > 0 ? 'reader' : 'writer');
  }
}

export function releaseContent(file: FileNode, content: Content, as: Opener): Awaitable<void> {
  if (file.content === content) file.openCount--;
  return whenEnded(
    () => content.release(as),
    () => void entryOf(file),
  );
}
