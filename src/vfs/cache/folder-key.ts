import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keySize } from '../../crypto/aead.ts';
import { replaceFile, syncPath, unlessMissing, unlinkIfThere } from './disk.ts';
import { newCacheKey } from './keys.ts';

/** What seals the files of a cache folder. */
export interface FolderKey {
  readonly key: Uint8Array;
  /** Whether it stands in the folder. */
  readonly keepsKey: boolean;
}

const keyName = 'key';

/** The key of a folder for a remote whose own key is `own`; null where it has none: then one is kept in the folder. Throws the
 *  system's errors. */
export function chooseKey(folder: string, own: Uint8Array | null): Promise<FolderKey> {
  return own ? ownUnlessLeft(folder, own) : keptKey(folder);
}

async function keptKey(folder: string): Promise<FolderKey> {
  const known = await findKey(folder);
  if (known) return { key: known, keepsKey: true };
  const key = newCacheKey();
  await keepKey(folder, key);
  return { key, keepsKey: true };
}

/** Where the remote had no key before, what was left to upload is sealed under the folder's: one more mount has that, and the
 *  next one takes it away. */
async function ownUnlessLeft(folder: string, key: Uint8Array): Promise<FolderKey> {
  const known = await findKey(folder);
  if (!known) return { key, keepsKey: false };
  if ((await readdir(folder)).some((name) => /\.(dirty|moving)$/.test(name))) return { key: known, keepsKey: true };
  await unlinkIfThere(join(folder, keyName));
  return { key, keepsKey: false };
}

async function findKey(folder: string): Promise<Uint8Array | null> {
  const known = await unlessMissing(() => readFile(join(folder, keyName)));
  return known?.length === keySize ? new Uint8Array(known) : null;
}

/** Puts the key into the folder. */
export async function keepKey(folder: string, key: Uint8Array): Promise<void> {
  await replaceFile(join(folder, keyName), key, true);
  await syncPath(folder);
}
