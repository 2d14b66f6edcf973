import type { Backend } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import { readOwnKey, readRecipients } from './keys.ts';
import { options, parseSuffix } from './options.ts';
import { createCrypt4ghRemote } from './remote.ts';

/** Files that named recipients open with their own keys, in the form of SD Connect and the crypt4gh tools; a type of
 *  ours. See docs/decisions/0161-a-crypt4gh-remote.md. */
export const backend: Backend<typeof options> = {
  type: 'crypt4gh',
  description: 'Encrypt for named recipients with Crypt4GH (coffer only)',
  options,
  async open(own, env) {
    if (own.recipients === '' && own.secret_key === '') {
      throw new Failure(
        'usage',
        `remote "${env.name}" has neither recipients nor a secret_key: the first are needed to write, the second to read`,
      );
    }
    // Together: a passphrase costs a moment on another thread, the base may have to log in.
    const [base, recipients, key] = await Promise.all([
      env.location(own.remote),
      readRecipients(own, env),
      readOwnKey(own, env),
    ]);
    const suffix = parseSuffix(own.suffix);
    const settings = { label: `${env.name}:`, recipients, own: key, suffix, isStrict: own.strict_names };
    return { remote: createCrypt4ghRemote(base, { ...settings, report: env.report }), path: '' };
  },
};
