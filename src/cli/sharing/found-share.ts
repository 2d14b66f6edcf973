import { resolve } from 'node:path';
import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure, isAbsence } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';
import type { PublishedPlace } from '../../sharing/join-plan.ts';
import { publishedAt, readShare } from '../../sharing/published.ts';
import { largestShare } from '../../sharing/share.ts';
import { placeName } from '../../transfer/place.ts';
import type { CommandContext } from '../command.ts';
import { findTarget } from '../source.ts';
import { standardInput } from '../standard-input.ts';

export interface FoundShare {
  /** The armoured text, and whatever stands around it. */
  readonly text: string;
  /** Where it lies, to be replaced; null for standard input. */
  readonly at: Location | null;
  /** The bucket or folder that it is published in; undefined for a file and for a crypt remote of the config. */
  readonly publishedIn: PublishedPlace | undefined;
  /** The crypt remote of the config whose place it was found in; undefined for anything else. */
  readonly remote: string | undefined;
}

type Opening = Pick<CommandContext, 'location' | 'session'>;

/** Reads the share that the user names: a file, `-`, a bucket or folder with a published share, or the crypt remote on it.
 *  Throws Failure('not-found') where there is none. */
export async function findShare(context: Opening, spec: string): Promise<FoundShare> {
  if (spec === '-') return { text: await textFromInput(), at: null, publishedIn: undefined, remote: undefined };
  const call: Call = { signal: context.session.signal };
  const { location, file } = await findTarget(context, spec);
  if (file) {
    const at = { remote: location.remote, path: joinPath(location.path, file.path) };
    return { text: await readShare(at, call), at, publishedIn: undefined, remote: undefined };
  }
  const at = publishedAt(location);
  try {
    return { text: await readShare(at, call), at, ...foundIn(spec, location) };
  } catch (error) {
    if (!isAbsence(error)) throw error;
    const where = placeName(location);
    throw new Failure('not-found', `there is no share: neither is ${where} a file, nor is one published in it`, {
      path: spec,
      cause: error,
    });
  }
}

/** What a user wrote for a place, as it can stand in a config: with the whole path of a folder. */
export function lastingSpec(spec: string): string {
  const { name } = parseRemoteSpec(spec);
  return name === null ? resolve(spec) : spec.replace(/(?<=[^:/])\/+$/, '');
}

// The crypt remote that is on it stands where it stands.
function foundIn(spec: string, { remote, path }: Location): Pick<FoundShare, 'publishedIn' | 'remote'> {
  if (asCrypt(remote)) return { publishedIn: undefined, remote: parseRemoteSpec(spec).name ?? undefined };
  const publishedIn = { spec: lastingSpec(spec), path: remote.features.buckets ? path : null };
  return { publishedIn, remote: undefined };
}

async function textFromInput(): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of standardInput()) {
    pieces.push(new Uint8Array(piece));
    length += piece.length;
    if (length > largestShare) break;
  }
  return Buffer.concat(pieces).toString();
}
