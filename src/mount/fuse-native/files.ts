import { Failure } from '../../core/failure.ts';
import type { Handle } from '../../vfs/vfs.ts';
import { openModeOf } from '../operations/files.ts';
import { done, type Operations, type Served } from './operation.ts';

/** Throws Failure('usage') for a number that is not open. */
export function opened({ files }: Served, fh: number): Handle {
  const handle = files.get(fh);
  if (handle) return handle;
  throw new Failure('usage', `no file is open as ${fh}`);
}

export const fileOperations = {
  async open(served, path: string, flags: number) {
    const node = await served.paths.find(path);
    return [0, served.files.add(await served.vfs.open(node, openModeOf(flags)))];
  },
  async read(served, _path: string, fh: number, room: Buffer, length: number, offset: number) {
    const bytes = await opened(served, fh).read(offset, length);
    room.set(bytes);
    return [bytes.length];
  },
  async write(served, _path: string, fh: number, data: Buffer, length: number, offset: number) {
    await opened(served, fh).write(offset, data);
    return [length];
  },
  async flush(served, _path: string, fh: number) {
    await opened(served, fh).flush();
    return done;
  },
  async fsync(served, _path: string, _isDataOnly: number, fh: number) {
    await opened(served, fh).sync();
    return done;
  },
  async release({ files }, _path: string, fh: number) {
    await files.remove(fh)?.close();
    return done;
  },
} satisfies Operations;
