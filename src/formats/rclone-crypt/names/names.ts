import { baseName, joinPath, parentPath } from '../../../core/path.ts';
import { addVersion, splitVersion } from '../../versioned-name.ts';
import type { CryptKeys } from '../keys.ts';
import { nameEncodings } from './encoding.ts';
import { obfuscateCodec } from './obfuscate.ts';
import type { SegmentCodec } from './segment.ts';
import { sealedBytes, standardCodec } from './standard.ts';

export interface NameOptions {
  readonly mode: 'standard' | 'obfuscate' | 'off';
  /** Of mode `standard`. */
  readonly encoding: keyof typeof nameEncodings;
  /** False leaves folders as they are and encrypts only the last segment of a file's path. */
  readonly encryptsFolders: boolean;
  /** Of mode `off`: what files get at their end. */
  readonly suffix: string;
}

/** Paths of a crypt remote ↔ paths below the folder it stands on. '' is the root on both sides. */
export interface Names {
  /** A path that `openFile` has given, one of the first 10,000, is where it was met: in capitals, for one, which nobody writes.
   *  Throws Failure('too-large') for a name that cannot be sealed. */
  sealFile(path: string): string;
  sealFolder(path: string): string;
  /** Null where a segment does not open, or opens to what is no name: '', `.`, `..`, one with a `/` or a NUL. */
  openFile(sealed: string): string | null;
  openFolder(sealed: string): string | null;
  /** Whether a single segment could be a sealed name, under whatever password. Only names of mode `standard` show it. */
  looksSealed(segment: string): boolean;
}

// Files. To forget the oldest in favour of new ones instead took a listing of 200,000 names 37 MiB, as what is held for a while
// and then dropped grows V8's heap.
const mostMet = 10_000;

/** The three modes of rclone's `filename_encryption`. */
export function createNames(keys: CryptKeys, options: NameOptions): Names {
  const segments = options.mode === 'off' ? null : segmentCodec(keys, options);
  const files = segments ? versionedCodec(segments) : suffixCodec(options.suffix);
  const met = new Map<string, string>();
  const folders = segments && options.encryptsFolders ? folderNames(segments) : plainFolders;
  return {
    sealFile: (path) => met.get(path) ?? joinPath(folders.seal(parentPath(path)), files.seal(baseName(path))),
    sealFolder: folders.seal,
    openFile(sealed) {
      const folder = folders.open(parentPath(sealed));
      const name = folder === null ? null : opened(files, baseName(sealed));
      if (folder === null || name === null) return null;
      const path = joinPath(folder, name);
      if (met.size < mostMet || met.has(path)) met.set(path, sealed);
      return path;
    },
    openFolder: folders.open,
    looksSealed: (segment) =>
      options.mode === 'standard' && sealedBytes(segment, nameEncodings[options.encoding]) !== null,
  };
}

function segmentCodec(keys: CryptKeys, { mode, encoding }: NameOptions): SegmentCodec {
  return mode === 'obfuscate' ? obfuscateCodec(keys) : standardCodec(keys, nameEncodings[encoding]);
}

function suffixCodec(suffix: string): SegmentCodec {
  return {
    seal: (name) => name + suffix,
    open: (sealed) => (sealed.endsWith(suffix) ? sealed.slice(0, sealed.length - suffix.length) : null),
  };
}

// Files only: in a file's path rclone seals a folder's name whole, so a folder that is looked for has to be too.
function versionedCodec(codec: SegmentCodec): SegmentCodec {
  return {
    seal(fileName) {
      const { name, version } = splitVersion(fileName);
      return addVersion(name === '' ? '' : codec.seal(name), version);
    },
    open(sealed) {
      const { name, version } = splitVersion(sealed);
      const plain = name === '' ? '' : codec.open(name);
      return plain === null ? null : addVersion(plain, version);
    },
  };
}

interface FolderNames {
  seal(path: string): string;
  open(sealed: string): string | null;
}

const plainFolders: FolderNames = { seal: (path) => path, open: (sealed) => sealed };

// Whole paths are remembered: all files of a folder, and all folders below it, share them.
function folderNames(codec: SegmentCodec): FolderNames {
  const seal = remembered((path: string): string =>
    path === '' ? '' : joinPath(seal(parentPath(path)), codec.seal(baseName(path))),
  );
  const open = remembered((sealed: string): string | null => {
    if (sealed === '') return '';
    const parent = open(parentPath(sealed));
    const name = parent === null ? null : opened(codec, baseName(sealed));
    return parent === null || name === null ? null : joinPath(parent, name);
  });
  return { seal, open };
}

const mostRemembered = 4096;

function remembered<T>(compute: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const value = compute(path);
    if (known.size >= mostRemembered) known.clear();
    known.set(path, value);
    return value;
  };
}

function opened(codec: SegmentCodec, sealed: string): string | null {
  const name = sealed === '' ? null : codec.open(sealed);
  return name === null || isHostile(name) ? null : name;
}

// Nothing on an untrusted store may choose where a file lands.
function isHostile(name: string): boolean {
  return name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0');
}
