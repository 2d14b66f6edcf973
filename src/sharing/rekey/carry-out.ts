import { randomBytes } from 'node:crypto';
import { inNanoseconds } from '../../core/date.ts';
import { Failure } from '../../core/failure.ts';
import { nonceSize } from '../../crypto/secretbox.ts';
import { asCrypt, type CryptRemote, type Transition } from '../../remotes/crypt/as-crypt.ts';
import type { CryptPasswords } from '../../remotes/crypt/passwords.ts';
import { findMarker, removeMarker, writeMarker } from '../../remotes/crypt/rekey-marker.ts';
import { type Candidate, openCandidate, type Surroundings } from './begin.ts';
import { forgetPreviousPasswords, previousInFile, requireInForce } from './passwords.ts';
import { lookInterval, rekeyEverything } from './rekey.ts';
import { requireOurMarker } from './standing.ts';

export interface CarryingOut {
  /** As `RekeyOptions`, where the store holds what was sent against its hash, too. */
  readonly verifies: boolean;
  readonly now: Date;
  /** Resolves after so many milliseconds, or throws where the session is cancelled. */
  wait(milliseconds: number): Promise<void>;
  /** Called when everything has the new passwords, before the config forgets the previous ones: what ends while this goes on
   *  is carried on and comes here again. */
  conclude(): Promise<void>;
}

/** How long others may take to find no marker and write theirs, in milliseconds. */
const mostClaiming = 2000;

/** Gives the files of a remote whose config has both pairs of passwords the new ones, and forgets the previous ones when
 *  that is done. True when it is; false when something is left, and then both pairs stay. */
export async function carryOut(at: Surroundings, spec: string, how: CarryingOut): Promise<boolean> {
  const { session } = at;
  const candidate = await openCandidate(at, spec);
  const { crypt, label, name } = candidate;
  const previous = previousInFile((await at.config()).section(name) ?? new Map());
  const transition = requireTransition(candidate, previous);
  await setMarker(crypt, label, previous, how, session.signal);
  const { features } = crypt.base.remote;
  // A store that keeps hashes has held them against what was sent.
  const isHashed = features.hashes.length > 0 && !features.slowHashes;
  const isDone = await rekeyEverything(session, crypt, transition, label, { verifies: how.verifies || !isHashed });
  if (!isDone) return false;
  await removeMarker(crypt.base, { signal: session.signal });
  await how.conclude();
  await at.configFile().update((draft) => forgetPreviousPasswords(draft, name, previous));
  return true;
}

function requireTransition({ crypt, name }: Candidate, inFile: CryptPasswords): Transition {
  const previous = crypt.transition && asCrypt(crypt.transition.previous);
  if (!crypt.transition || !previous) throw new Failure('usage', `"${name}" has no previous passwords`);
  requireInForce(previous, inFile);
  return crypt.transition;
}

/** Leaves one that is there. Of several that find none in the same moment, the last to write goes on, and the others see
 *  its marker before they touch a file; one that wrote too late for that waits until they have looked again. */
async function setMarker(
  crypt: CryptRemote,
  label: string,
  previous: CryptPasswords,
  { now, wait }: CarryingOut,
  signal: AbortSignal,
): Promise<void> {
  const lookedAt = performance.now();
  if (await findMarker(crypt.base, crypt.cipher, { signal })) return;
  const since = inNanoseconds(now);
  await writeMarker(crypt.base, { since, previous }, crypt.cipher, randomBytes(nonceSize), { signal });
  const isLate = performance.now() - lookedAt > mostClaiming;
  await wait(isLate ? lookInterval + mostClaiming : mostClaiming);
  await requireOurMarker(crypt, label, { signal });
}
