import { randomUUID } from 'node:crypto';
import { diskFailure, isSystemError } from './disk-failure.ts';
import { system } from './system.ts';

/** Whether two names that differ only by case or by Unicode's normal form are one file here. Tries it out with an empty file
 *  in the folder at `disk`, or in the nearest one above it that is there. */
export async function foldsNames(disk: string, path: string): Promise<boolean> {
  // Ends as temporary names do, should it be left behind by a kill.
  const name = `.coffer-é-${randomUUID().slice(0, 8)}-a.partial`;
  const variants = [name.toUpperCase(), name.normalize('NFD')];
  try {
    const folder = await nearestFolder(disk);
    await system.close(await system.open(`${folder}/${name}`, 'wx', 0o600));
    try {
      for (const variant of variants) if (await system.lookFor(`${folder}/${variant}`)) return true;
      return false;
    } finally {
      await system.unlink(`${folder}/${name}`);
    }
  } catch (error) {
    throw diskFailure(error, path);
  }
}

async function nearestFolder(disk: string): Promise<string> {
  for (let folder = disk; ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    try {
      await system.stat(`${folder}/`);
      return folder;
    } catch (error) {
      if (folder === '' || !isSystemError(error, 'ENOENT')) throw error;
    }
  }
}
