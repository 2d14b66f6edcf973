import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { nonceSize } from '../../crypto/secretbox.ts';
import { asCrypt, type CryptRemote, type Transition } from '../../remotes/crypt/as-crypt.ts';
import type { CryptPasswords } from '../../remotes/crypt/passwords.ts';
import { findMarker, removeMarker, writeMarker } from '../../remotes/crypt/rekey-marker.ts';
import { type Candidate, openCandidate, type Surroundings } from './begin.ts';
import { forgetPreviousPasswords, previousInFile, requireInForce } from './passwords.ts';
import { rekeyEverything } from './rekey.ts';
import { requireOurMarker } from './standing.ts';

/** Gives the files of a remote whose config has both pairs of passwords the new ones, and forgets the previous ones when
 *  that is done. True when it is; false when something is left, and then both pairs stay. */
export async function carryOut(at: Surroundings, spec: string, verifies: boolean, now: Date): Promise<boolean> {
  const { session } = at;
  const candidate = await openCandidate(at, spec);
  const { crypt, label, name } = candidate;
  const previous = previousInFile((await at.config()).section(name) ?? new Map());
  const transition = requireTransition(candidate, previous);
  await setMarker(crypt, label, previous, now, session.signal);
  const { features } = crypt.base.remote;
  // A store that keeps hashes has held them against what was sent.
  const isHashed = features.hashes.length > 0 && !features.slowHashes;
  const isDone = await rekeyEverything(session, crypt, transition, label, { verifies: verifies || !isHashed });
  if (!isDone) return false;
  await removeMarker(crypt.base, { signal: session.signal });
  await at.configFile().update((draft) => forgetPreviousPasswords(draft, name, previous));
  return true;
}

function requireTransition({ crypt, name }: Candidate, inFile: CryptPasswords): Transition {
  const previous = crypt.transition && asCrypt(crypt.transition.previous);
  if (!crypt.transition || !previous) throw new Failure('usage', `"${name}" has no previous passwords`);
  requireInForce(previous, inFile);
  return crypt.transition;
}

/** Leaves one that is there. */
async function setMarker(
  crypt: CryptRemote,
  label: string,
  previous: CryptPasswords,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  if (await findMarker(crypt.base, crypt.cipher, { signal })) return;
  const since = BigInt(now.getTime()) * 1_000_000n;
  await writeMarker(crypt.base, { since, previous }, crypt.cipher, randomBytes(nonceSize), { signal });
  // Another may have written one in the same moment.
  await requireOurMarker(crypt, label, { signal });
}
