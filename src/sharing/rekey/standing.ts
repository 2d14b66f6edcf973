import { Failure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { CryptRemote } from '../../remotes/crypt/as-crypt.ts';
import type { CryptPasswords } from '../../remotes/crypt/passwords.ts';
import { findMarker } from '../../remotes/crypt/rekey-marker.ts';

/** Where the giving of new passwords to a remote stands, as its config and its marker tell it. */
export type Standing =
  | { readonly kind: 'none' }
  /** The config has both pairs. */
  | { readonly kind: 'begun' }
  /** The config has only the new pair, the marker the previous one. */
  | { readonly kind: 'joined'; readonly previous: CryptPasswords };

/** Throws Failure('denied') where it was begun with passwords that the config does not have. */
export async function standingOf(crypt: CryptRemote, label: string, call?: Call): Promise<Standing> {
  const marker = await findMarker(crypt.base, crypt.cipher, call);
  if (marker && !marker.content) throw begunElsewhere(label);
  if (crypt.transition) return { kind: 'begun' };
  return marker?.content ? { kind: 'joined', previous: marker.content.previous } : { kind: 'none' };
}

/** To be called again and again while it runs: two that begin in the same moment both find no marker at first.
 *  Throws Failure('fatal') when another has taken the place of ours. */
export async function requireOurMarker(crypt: CryptRemote, label: string, call?: Call): Promise<void> {
  const marker = await findMarker(crypt.base, crypt.cipher, call);
  if (marker && !marker.content) throw new Failure('fatal', begunElsewhere(label).message);
}

function begunElsewhere(label: string): Failure {
  const advice = 'ask its maker for a new share, or wait until that is done';
  return new Failure(
    'denied',
    `${label} is being given new passwords already, which are not in this config: ${advice}`,
  );
}
