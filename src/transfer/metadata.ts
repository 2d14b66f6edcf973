import type { FileEntry, Metadata } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import { nameToBytes } from '../core/name-bytes.ts';
import { parentPath } from '../core/path.ts';
import type { Location, WriteInfo } from '../core/remote.ts';
import { decodeAttributes, encodeAttributes, fitsField } from '../formats/file-attributes.ts';
import { attributesToMetadata, invalidValue, metadataToAttributes, timeIn } from '../formats/metadata.ts';
import type { Session } from './session.ts';

/** What the remote has said of a file's metadata, asked by `askingMetadata`; null where it keeps none. What a mount has set
 *  since the file was written stands in its attributes. */
export function metadataOf({ metadata, attributes }: FileEntry): Metadata | null {
  const kept = attributes ? decodeAttributes(attributes) : null;
  if (!kept) return metadata ?? null;
  return new Map([...(metadata ?? []), ...attributesToMetadata(kept)]);
}

/** How a file of that metadata is written: with it, or with the attributes that a mount shows, whichever the target keeps.
 *  The modification time in it comes before that of the file. Throws Failure('too-large') for more than there is room for. */
export async function keepMetadata(
  session: Session,
  target: Location,
  info: WriteInfo,
  metadata: Metadata,
): Promise<WriteInfo> {
  if (metadata.size === 0) return info;
  const { remote, path } = target;
  const debug = (key: string, value: string): void => session.report.debug(path, invalidValue(key, value));
  const time = timeIn(metadata, 'mtime', debug);
  const timed = time === null || info.modified === undefined ? info : { ...info, modified: time };
  if (remote.features.metadata) return { ...timed, metadata };

  const room = (await remote.attributeRoom?.(parentPath(path), { signal: session.signal })) ?? 0;
  const attributes = metadataToAttributes(metadata, debug);
  if (room === 0) {
    session.report.debug(path, `${remote.label} keeps no metadata`);
    return timed;
  }
  const fits = [...attributes.extended].every(([name, value]) => fitsField(nameToBytes(name).length, value.length));
  const encoded = fits ? encodeAttributes(attributes) : null;
  if (encoded && encoded.length <= room) return { ...timed, attributes: encoded };
  const needs = encoded ? `need ${encoded.length} bytes` : 'are too long';
  throw new Failure('too-large', `${path}: its extended attributes ${needs}, ${remote.label} takes ${room}`, { path });
}
