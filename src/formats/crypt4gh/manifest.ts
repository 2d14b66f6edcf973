import { Failure } from '../../core/failure.ts';
import { type JsonObject, objectIn } from '../../core/json.ts';

/** What a set of files is: docs/formats.md, "A manifest". */
export interface Manifest {
  /** When it was made, ISO 8601. */
  readonly created: string;
  readonly files: readonly ManifestEntry[];
}

/** One file before it was sealed. */
export interface ManifestEntry {
  /** Its path in the set, `/` between segments; bytes that are no UTF-8 as `core/name-bytes.ts` has them. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

const version = 1;
/** Bytes; over a million files. Readers hold it in memory. */
export const largestManifest = 256 << 20;

/** The document, to be sealed. Throws Failure('too-large') for more files than a reader takes. */
export function formatManifest({ created, files }: Manifest): Uint8Array {
  const lines = files.map(({ name, size, sha256 }) => JSON.stringify({ name, size, sha256 }));
  const text = `{"coffer_manifest":${version},"created":${JSON.stringify(created)},"files":[\n${lines.join(',\n')}\n]}\n`;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= largestManifest) return bytes;
  throw new Failure('too-large', `${files.length} files are too many for one manifest: make several`);
}

/** Reads the opened document; fields that are not known are left alone. `path` is what messages call it.
 *  Throws Failure('corrupt') for another text, 'unsupported' for another version. */
export function parseManifest(bytes: Uint8Array, path: string): Manifest {
  const document = readJson(bytes, path);
  const itsVersion = document.coffer_manifest;
  if (itsVersion !== version) {
    const isLater = typeof itsVersion === 'number';
    if (isLater)
      throw new Failure('unsupported', `${path}: version ${itsVersion} of the manifest is not known`, { path });
    throw new Failure('corrupt', `${path}: this is not a manifest of coffer`, { path });
  }
  const { created, files } = document;
  if (typeof created !== 'string' || !Array.isArray(files) || !files.every(isEntry)) {
    throw new Failure('corrupt', `${path}: the manifest has a field that is missing or wrong`, { path });
  }
  if (new Set(files.map(({ name }) => name)).size !== files.length) {
    throw new Failure('corrupt', `${path}: the manifest has two files of one name`, { path });
  }
  return { created, files };
}

function readJson(bytes: Uint8Array, path: string): JsonObject {
  try {
    return objectIn(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new Failure('corrupt', `${path}: this is not a manifest of coffer`, { path, cause });
  }
}

function isEntry(value: unknown): value is ManifestEntry {
  const { name, size, sha256 } = objectIn(value);
  const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  return typeof name === 'string' && isSize && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}
