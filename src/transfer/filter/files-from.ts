import { parentPath } from '../../core/path.ts';

/** Exactly these files, and the folders on the way to them. */
export interface FileList {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

/** Paths from the transfer's root; slashes around them do not matter. */
export function createFileList(lines: Iterable<string>): FileList {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const line of lines) {
    const file = line.replace(/^\/+|\/+$/g, '');
    if (file === '') continue;
    files.add(file);
    for (let folder = parentPath(file); folder !== '' && !folders.has(folder); folder = parentPath(folder)) {
      folders.add(folder);
    }
  }
  return { files, folders };
}
