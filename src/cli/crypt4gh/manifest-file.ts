import { collect, sourceOf } from '../../core/bytes.ts';
import { inNanoseconds } from '../../core/date.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Location } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { openBytes, sealBytes } from '../../formats/crypt4gh/file.ts';
import { formatManifest, largestManifest, type Manifest, parseManifest } from '../../formats/crypt4gh/manifest.ts';
import { placeName } from '../../transfer/place.ts';
import type { Session } from '../../transfer/session.ts';
import { uploadStream } from '../../transfer/upload.ts';
import { statAt } from '../../transfer/walk.ts';
import type { CommandContext } from '../command.ts';
import { openFilePath } from '../source.ts';

/** Throws Failure('usage') for a run that skips files: a manifest is of all of them. */
export function requireAllFiles({ options }: Session): void {
  if (!options.ignoreExisting) return;
  const why = 'a manifest covers all files, so that none can be skipped';
  throw new Failure('usage', `${why}: leave out --ignore-existing or --manifest`);
}

/** A file to be written when all else is done. */
export interface ManifestTarget {
  readonly at: Location;
  readonly parent: Location;
  readonly name: string;
}

/** Where a manifest is to go. Throws Failure('exists') where one stands that is not to be replaced: better now than when
 *  everything is encrypted. */
export async function openManifestTarget(
  context: CommandContext,
  spec: string,
  force: boolean,
): Promise<ManifestTarget> {
  const { parent, name } = await openFilePath(context, spec);
  const at = { remote: parent.remote, path: joinPath(parent.path, name) };
  if (!force && (await statAt(context.session, parent, name))) {
    throw new Failure('exists', `${placeName(at)} exists already: --force replaces it`, { path: at.path });
  }
  return { at, parent, name };
}

/** Seals a manifest to the recipients of its files and writes it. */
export async function writeManifest(
  { session, io }: Pick<CommandContext, 'session' | 'io'>,
  { parent, name }: ManifestTarget,
  manifest: Manifest,
  keys: { readonly recipients: readonly Uint8Array[]; readonly writer: KeyPair | undefined },
): Promise<void> {
  const sealed = sealBytes(formatManifest(manifest), keys.recipients, keys.writer);
  const modified = inNanoseconds(io.date());
  await uploadStream(session, parent, name, sourceOf(sealed).open(), modified);
}

/** Opens the manifest at a place. Throws Failure('not-found'), 'denied' where it is not for this reader, or not by that
 *  sender, 'corrupt'. */
export async function readManifest(
  { session }: Pick<CommandContext, 'session'>,
  at: Location,
  reader: KeyPair,
  sender: Uint8Array | undefined,
): Promise<Manifest> {
  const path = placeName(at);
  const range = { start: 0, end: 2 * largestManifest };
  const sealed = await collect(at.remote.read(at.path, range, { signal: session.signal }));
  return parseManifest(openBytes(sealed, reader, path, sender).plain, path);
}
