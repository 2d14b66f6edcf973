import { obscure, reveal } from '../../config/obscure.ts';
import type { Backend } from '../../core/backend.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import type { Values } from './asked-options.ts';

/** How passwords on a command line are taken: as they are, as to be obscured, or as what they look like. */
export type PasswordsAre = 'obscured' | 'plain' | 'either';

/** The options of a command line, `key=value` or `key value` words. Throws Failure('usage') for a key without a value. */
export function parsePairs(words: readonly string[]): Values {
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const equals = word.indexOf('=');
    if (equals >= 0) {
      values.set(word.slice(0, equals), word.slice(equals + 1));
    } else {
      const value = words[++index];
      if (value === undefined) throw new Failure('usage', `found key without value: ${word}`);
      values.set(word, value);
    }
  }
  return values;
}

/** Those values as the config is to hold them. What rclone's other backends ask and do not keep, `config_…`, goes.
 *  An option that the backend does not know is kept, as rclone does, with a notice. */
export function storedValues(given: Values, backend: Backend, passwords: PasswordsAre, report: Report): Values {
  const stored = new Map<string, string>();
  for (const [name, value] of given) {
    if (name.startsWith('config_')) continue;
    const spec = Object.hasOwn(backend.options, name) ? backend.options[name] : undefined;
    if (!spec && name !== 'type') {
      report.notice(
        '',
        `${backend.type} has no option "${name}" in this version: it is kept in the config, without effect`,
      );
    }
    stored.set(name, spec?.kind === 'secret' && value !== '' && isPlain(value, passwords) ? obscure(value) : value);
  }
  return stored;
}

function isPlain(password: string, passwords: PasswordsAre): boolean {
  if (passwords !== 'either') return passwords === 'plain';
  try {
    reveal(password);
    return false;
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return true;
  }
}
