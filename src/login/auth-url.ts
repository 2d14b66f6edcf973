import { Failure } from '../core/failure.ts';
import { versioned } from '../remotes/swift/catalogue.ts';

/** The address of a Keystone's version 3, without a slash at its end. Throws Failure('usage') for what cannot be one. */
export function keystoneAddress(text: string): string {
  const fail = (why: string) => new Failure('usage', `cannot log in at "${text}": ${why}`);
  if (!/^https?:\/\/[^/?#]/.test(text) || !URL.canParse(text)) {
    throw fail('give the address of a Keystone, as --auth-url https://pouta.csc.fi:5001/v3');
  }
  const { pathname, search, hash, username, password } = new URL(text);
  if (username !== '' || password !== '') throw new Failure('usage', 'leave the user and password out of --auth-url');
  if (search !== '' || hash !== '') throw fail('leave out what follows "?" or "#"');
  if (/\/v2(\.\d+)?\/*$/.test(pathname))
    throw fail('it is Keystone v2, which knows no projects: try the same with /v3');
  if (/\/auth\/v1(\.0)?\/*$/.test(pathname))
    throw fail('it is not Keystone: version 1 needs no login, only user and key');
  return versioned(text.replace(/\/auth\/tokens\/*$/, ''), '/v3', '/v3');
}

/** True where a password would travel unencrypted. */
export function isInTheClear(authUrl: string): boolean {
  return authUrl.startsWith('http:');
}
