import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../servers/run.ts';
import type { Bench } from './row.ts';

const piece = randomBytes(16 * 2 ** 20);

/** `<folder>/big` with `size` bytes. Returns the folder. */
export async function makeBigFile(folder: string, size: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  await using file = await open(join(folder, 'big'), 'w');
  for (let written = 0; written < size; written += piece.length) {
    await file.write(piece, 0, Math.min(piece.length, size - written));
  }
  return folder;
}

/** `count` files of `size` bytes, spread over `folders` folders. Returns the folder. */
export async function makeSmallFiles(folder: string, count: number, size: number, folders: number): Promise<string> {
  for (let i = 0; i < count; i++) {
    const parent = join(folder, `folder-${i % folders}`);
    if (i < folders) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `sample-${i}.txt`), piece.subarray(i * 16, i * 16 + size));
  }
  return folder;
}

/** Of a sealed file, as rclone's docs on crypt give it. */
export const sealedSize = (size: number): number => 32 + Math.ceil(size / 65_536) * 16 + size;

export function rclone({ config }: Bench, ...args: string[]): Promise<string> {
  return mustRun('rclone', args, { env: { RCLONE_CONFIG: config } });
}

/** Throws unless `folder` holds so many files with so many bytes in all. */
export async function checkFolder(folder: string, files: number, bytes: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length !== files || total !== bytes) {
    throw new Error(`${folder} holds ${sizes.length} files and ${total} bytes instead of ${files} and ${bytes}`);
  }
}
