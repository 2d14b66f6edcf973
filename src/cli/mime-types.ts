import type { Entry } from '../core/entry.ts';
import { mimeTypeOf } from '../formats/mime.ts';
import { loadMimeTypes } from '../remotes/mime-types.ts';

/** Tells what the store says of an entry, else what its name suggests. */
export async function mimeTypes(): Promise<(entry: Entry) => string> {
  const known = await loadMimeTypes();
  return (entry) => (entry.kind === 'folder' ? 'inode/directory' : (entry.mimeType ?? mimeTypeOf(entry.path, known)));
}
