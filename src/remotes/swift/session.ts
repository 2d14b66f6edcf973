import { Failure } from '../../core/failure.ts';
import { unlessAborted } from '../http/aborts.ts';
import { type Credentials, canLogIn } from './credentials.ts';
import type { Grant } from './login.ts';
import { renewCommand } from './login-command.ts';

/** The login that all requests of a remote share. */
export interface Session {
  /** A token that should be good; logs in when there is none, or when it is about to end. */
  grant(signal: AbortSignal | undefined): Promise<Grant>;
  /** After the store refused `refused`: logs in again, once for all that were refused with it.
   *  Throws Failure('denied') where no login is possible. */
  renew(refused: Grant, signal: AbortSignal | undefined): Promise<Grant>;
}

// A token is renewed this long before it ends, so that an upload does not meet its end half-way.
const margin = 60_000;

export function createSession(credentials: Credentials, label: string, logIn: () => Promise<Grant>): Session {
  const { token, storageUrl } = credentials;
  let current: Grant | null = token && storageUrl ? { token, storageUrl, expires: null } : null;
  let renewAt = Number.POSITIVE_INFINITY;
  let running: Promise<Grant> | null = null;

  async function logInNow(): Promise<Grant> {
    try {
      const grant = await logIn();
      // A given token goes before that of a login, until the store refuses it.
      current = current === null && token ? { ...grant, token } : grant;
      const life = (grant.expires ?? Number.POSITIVE_INFINITY) - Date.now();
      // It cannot have ended already: by a clock that is wrong each request would log in. The store tells.
      renewAt = life > 0 ? Date.now() + life - Math.min(margin, life / 4) : Number.POSITIVE_INFINITY;
      return current;
    } finally {
      running = null;
    }
  }

  return {
    async grant(signal) {
      if (current && Date.now() < renewAt) return current;
      running ??= logInNow();
      return unlessAborted(running, signal);
    },
    async renew(refused, signal) {
      if (current && current !== refused) return current;
      if (!canLogIn(credentials)) {
        throw new Failure(
          'denied',
          `${label} the token is not accepted, it may have expired: get a new one with ${renewCommand(label)}, or source allas_conf where env_auth is set`,
        );
      }
      running ??= logInNow();
      return unlessAborted(running, signal);
    },
  };
}
