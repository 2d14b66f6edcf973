import { Failure } from '../../core/failure.ts';
import { isValidText, nameToBytes } from '../../core/name-bytes.ts';
import { splitFirst } from '../../core/path.ts';
import type { PathEncoder } from '../../formats/rclone-encoder.ts';

/** In bytes. Both Swift and radosgw stop here by default. */
export const longestName = 1024;

/** A place in the account, as the store spells it. */
export interface Target {
  /** Empty for the account itself. */
  readonly container: string;
  /** Empty for the container itself. */
  readonly name: string;
}

export function isSameTarget(a: Target, b: Target): boolean {
  return a.container === b.container && a.name === b.name;
}

export function targetOf(encoder: PathEncoder, path: string): Target {
  const [container, name] = splitFirst(encoder.toStore(path));
  return { container, name };
}

/** The place of a file to be made. Throws Failure('usage') for a container. */
export function newFileTarget(encoder: PathEncoder, path: string): Target {
  const target = targetOf(encoder, path);
  if (target.name !== '') return target;
  throw new Failure('usage', `cannot write ${path || 'a file'}: a file needs a container before its name`, { path });
}

/** Throws Failure('too-large') for a name that no store takes. */
export function requireShort({ name }: Target, path: string): void {
  const { length } = nameToBytes(name);
  if (length <= longestName) return;
  throw new Failure('too-large', `${path}: the name has ${length} bytes, the store takes ${longestName}`, { path });
}

/** The place of a file that should be there. Throws Failure('is-folder') for a container. */
export function fileTarget(encoder: PathEncoder, path: string): Target {
  const target = targetOf(encoder, path);
  if (target.name !== '') return target;
  throw new Failure('is-folder', `${path || 'the root'} is ${path ? 'a container' : 'no file'}, not a file`, { path });
}

/** Below the storage URL, `/container/name`, percent-encoded. */
export function urlPath({ container, name }: Target): string {
  if (container === '') return '';
  return name === '' ? `/${percentEncode(container)}` : `/${percentEncode(container)}/${percentEncode(name)}`;
}

/** Percent-encodes all but slashes and what never needs it. Names of bytes that are not UTF-8 keep their bytes. */
export function percentEncode(name: string): string {
  if (/^[\w./~-]*$/.test(name)) return name;
  // encodeURIComponent leaves !'()* alone, which RFC 3986 reserves.
  if (isValidText(name))
    return encodeURIComponent(name)
      .replaceAll('%2F', '/')
      .replace(/[!'()*]/g, hex);
  return Array.from(nameToBytes(name), (byte) => String.fromCharCode(byte))
    .join('')
    .replace(/[^\w./~-]/g, hex);
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
