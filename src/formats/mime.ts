import { baseName } from '../core/path.ts';

/** MIME types by extension (`.txt`, in the case that the database has); text types carry their charset. */
export type MimeTypes = ReadonlyMap<string, string>;

/** Of a file of which nothing is known. */
export const plainType = 'application/octet-stream';

/** The MIME type that a file's name suggests; `plainType` where it suggests none. */
export function mimeTypeOf(path: string, types: MimeTypes): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot);
  return types.get(extension) ?? types.get(extension.toLowerCase()) ?? plainType;
}

/** The order in which rclone knows types: Go's own, then the system's database, then a few of rclone's.
 *  The system's is freedesktop's `globs2` where there is one, else the classic `mime.types`; either may be null. */
export function buildMimeTypes(globs2: string | null, mimeTypes: string | null): MimeTypes {
  const types = new Map(Object.entries(goTypes));
  if (globs2 !== null) addMissing(types, readGlobs2(globs2));
  // Go lets the older file overrule its own types.
  else if (mimeTypes !== null) for (const [extension, type] of readMimeTypes(mimeTypes)) types.set(extension, type);
  addMissing(types, rcloneTypes);
  return types;
}

type Pair = readonly [extension: string, type: string];

// `50:text/csv:*.csv`, heaviest first.
function* readGlobs2(text: string): Iterable<Pair> {
  for (const line of text.split('\n')) {
    const match = /^[^#:][^:]*:([^:]*):\*(\.[^:]+)/.exec(line);
    if (match) yield [match[2] ?? '', withCharset(match[1] ?? '')];
  }
}

// `text/csv   csv`, any number of extensions.
function* readMimeTypes(text: string): Iterable<Pair> {
  for (const line of text.split('\n')) {
    const [type = '', ...extensions] = line.split(/\s+/).filter((field) => field !== '');
    if (extensions.length === 0 || type.startsWith('#')) continue;
    for (const extension of extensions) {
      if (extension.startsWith('#')) break;
      yield [`.${extension}`, withCharset(type)];
    }
  }
}

function addMissing(types: Map<string, string>, pairs: Iterable<Pair>): void {
  for (const [extension, type] of pairs) {
    if (!types.has(extension)) types.set(extension, type);
  }
}

function withCharset(type: string): string {
  return type.startsWith('text/') && !type.includes(';') ? `${type}; charset=utf-8` : type;
}

const goTypes: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.xml': 'text/xml; charset=utf-8',
};

const rcloneTypes: readonly Pair[] = Object.entries({
  'audio/flac': '.flac',
  'audio/mpeg': '.mpga .mpega .mp2 .mp3 .m4a',
  'audio/ogg': '.oga .ogg .opus .spx',
  'audio/x-wav': '.wav',
  'image/tiff': '.tiff .tif',
  'video/dv': '.dif .dv',
  'video/fli': '.fli',
  'video/mpeg': '.mpeg .mpg .mpe',
  'video/MP2T': '.ts',
  'video/mp4': '.mp4',
  'video/quicktime': '.qt .mov',
  'video/ogg': '.ogv',
  'video/webm': '.webm',
  'video/x-msvideo': '.avi',
  'video/x-matroska': '.mpv .mkv',
  'text/srt; charset=utf-8': '.srt',
}).flatMap(([type, extensions]) => extensions.split(' ').map((extension): Pair => [extension, type]));
