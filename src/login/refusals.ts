import { Failure } from '../core/failure.ts';
import { objectIn, textIn } from '../core/json.ts';
import type { IdentityAnswer } from './identity-service.ts';
import type { Person, ProjectChoice } from './keystone.ts';

/** Why a user name and password did not do. */
export function passwordRefused(authUrl: string, { user, domain }: Person, answer: IdentityAnswer): Failure {
  const who = `${user} (domain ${domain})`;
  const wanted = otherMethods(answer);
  if (wanted !== null) {
    return new Failure(
      'unsupported',
      `${authUrl} wants more than a password of ${who}: ${wanted}. That cannot be given here: make an application ` +
        'credential on the web pages of the site, and put application_credential_id and application_credential_secret into the config',
    );
  }
  if (/password is expired/i.test(messageIn(answer))) {
    return new Failure('denied', `the password of ${who} has expired: change it on the web pages of the site`);
  }
  return new Failure(
    'denied',
    `${authUrl} does not accept ${who} with this password: check the user, the domain and the password`,
  );
}

/** The project is disabled, gone, or not this user's. */
export function projectRefused(authUrl: string, choice: ProjectChoice, user: string): Failure {
  const project = 'id' in choice ? choice.id : `${choice.name} (domain ${choice.domain})`;
  return new Failure(
    'denied',
    `${authUrl} does not let ${user} into the project ${project}: it is disabled, or not yours`,
  );
}

export function unexpected(authUrl: string, what: string, { status }: IdentityAnswer): Failure {
  return new Failure('denied', `${authUrl} answers ${status} when asked for ${what}`);
}

export function notKeystone(authUrl: string, status: number): Failure {
  return new Failure('usage', `${authUrl} is not a Keystone v3: it answers ${status} to a login: check --auth-url`);
}

/** The methods that a receipt asks for beside the password; null where there is no receipt.
 *  https://docs.openstack.org/keystone/latest/admin/multi-factor-authentication.html */
function otherMethods({ headers, body }: IdentityAnswer): string | null {
  if (headers['openstack-auth-receipt'] === undefined) return null;
  const rules: unknown = body?.required_auth_methods;
  const methods: readonly unknown[] = Array.isArray(rules) ? rules.flat() : [];
  const others = new Set(methods.filter((method) => typeof method === 'string' && method !== 'password'));
  return [...others].join(', ') || 'a second factor';
}

function messageIn({ body }: IdentityAnswer): string {
  return textIn(objectIn(body?.error).message);
}
