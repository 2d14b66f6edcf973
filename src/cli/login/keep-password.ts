import { Failure, messageOf } from '../../core/failure.ts';
import type { Target } from '../../login/target.ts';
import type { Admission } from './admission.ts';
import type { LoginContext } from './connection.ts';

/** Where a password is kept. */
export type Place = 'keyring' | 'config';

/** Puts the password where it is to stay: into the keyring, or else into a config that is sealed, which the caller
 *  writes. Null where it is not to be kept. Throws Failure('usage') where it would be there for everybody to read. */
export async function keepPassword(
  context: LoginContext,
  { authUrl }: Target,
  { user, password, origin, keyring }: Admission,
): Promise<Place | null> {
  if (origin === 'config') return 'config';
  if (!context.flags['keep-password'] && origin !== 'corrected') return null;
  try {
    await keyring.store({ authUrl, user: user.name, domain: user.domain }, password);
    return 'keyring';
  } catch (error) {
    if (await context.configFile().isSealed()) return 'config';
    throw new Failure(
      'usage',
      `cannot keep the password: ${messageOf(error)}, and the config is not sealed: seal it with ` +
        '`coffer config encryption set`, or leave out --keep-password',
      { cause: error },
    );
  }
}
