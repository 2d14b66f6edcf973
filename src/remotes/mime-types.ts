import { readFile } from 'node:fs/promises';
import { baseName } from '../core/path.ts';
import { buildMimeTypes, type MimeTypes, mimeTypeOf, plainType } from '../formats/mime.ts';

const globs2Files = ['/usr/local/share/mime/globs2', '/usr/share/mime/globs2'];
const mimeTypesFiles = [
  '/etc/mime.types',
  '/etc/apache2/mime.types',
  '/etc/apache/mime.types',
  '/etc/httpd/conf/mime.types',
];

let loaded: Promise<MimeTypes> | undefined;

/** The MIME type for a file for which nobody has said one: what its name suggests, as in rclone. */
export async function typeByName(path: string): Promise<string> {
  // Most encrypted names have no extension.
  if (!baseName(path).includes('.')) return plainType;
  loaded ??= loadMimeTypes();
  return mimeTypeOf(path, await loaded);
}

/** The MIME types that this system knows, looked up where Go's mime package does. A system without a database is fine. */
export async function loadMimeTypes(): Promise<MimeTypes> {
  const globs2 = await firstText(globs2Files);
  return buildMimeTypes(globs2, globs2 === null ? await firstText(mimeTypesFiles) : null);
}

async function firstText(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  return null;
}
