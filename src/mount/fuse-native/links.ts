import { Failure } from '../../core/failure.ts';
import { bytesToName, nameToBytes } from '../../core/name-bytes.ts';
import { done, type Operations } from './operation.ts';
import { canShow } from './paths.ts';

/** Throws Failure('usage') for a target of other bytes than UTF-8, which the library can't carry. */
function checked(target: string): string {
  if (canShow(target)) return target;
  throw new Failure('usage', `the target of a symlink is not UTF-8: ${target}`);
}

export const linkOperations = {
  async symlink({ vfs, paths }, target: string, path: string) {
    const { folder, name } = await paths.place(path);
    await vfs.makeLink(folder, name, nameToBytes(checked(target)));
    return done;
  },
  async readlink({ vfs, paths }, path: string) {
    return [0, checked(bytesToName(await vfs.readLink(await paths.find(path))))];
  },
} satisfies Operations;
