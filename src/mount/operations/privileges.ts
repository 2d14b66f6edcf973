import { isFailure } from '../../core/failure.ts';
import type { AttributeChanges, Node, Vfs } from '../../vfs/vfs.ts';

const setUser = 0o4000;
const setGroup = 0o2000;
const groupExecute = 0o010;

/** The mode that a file is left with when somebody changes it who is not its owner, as chown(2) and write(2) say: the
 *  kernel leaves that to us, and in return asks less (FUSE_HANDLE_KILLPRIV_V2). */
export async function withoutPrivileges(vfs: Vfs, node: Node): Promise<Pick<AttributeChanges, 'mode'>> {
  const { mode } = await vfs.attributes(node);
  const dropped = setUser | ((mode & groupExecute) !== 0 ? setGroup : 0);
  return node.kind === 'file' && (mode & dropped) !== 0 ? { mode: mode & ~dropped } : {};
}

export async function dropPrivileges(vfs: Vfs, node: Node): Promise<void> {
  const changes = await withoutPrivileges(vfs, node);
  try {
    if (changes.mode !== undefined) await vfs.setAttributes(node, changes);
  } catch (error) {
    // Removed while it is open.
    if (!isFailure(error, 'not-found')) throw error;
  }
}
