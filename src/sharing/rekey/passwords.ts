import type { Config } from '../../config/config.ts';
import type { ConfigDraft } from '../../config/draft.ts';
import { type Environment, lookUp } from '../../config/environment.ts';
import { obscure, reveal } from '../../config/obscure.ts';
import { Failure } from '../../core/failure.ts';
import type { CryptRemote } from '../../remotes/crypt/as-crypt.ts';
import type { CryptPasswords } from '../../remotes/crypt/passwords.ts';

type Section = ReadonlyMap<string, string>;

const previousOptions: readonly string[] = ['previous_password', 'previous_password2'];
const fromElsewhere = ['password_command', 'password_file', 'password2_command', 'password2_file'];

/** The passwords that the section has in the file, revealed. Throws Failure('usage') where they come from elsewhere, as
 *  then they cannot be replaced. */
export function passwordsInFile(name: string, section: Section, environment: Environment): CryptPasswords {
  const elsewhere = fromElsewhere.find((option) => section.get(option));
  if (elsewhere) {
    throw new Failure(
      'usage',
      `the password of "${name}" comes from ${elsewhere}, where rekey cannot put a new one: set "password" and "password2" in the config instead, run rekey, and move the new ones to where they should be`,
    );
  }
  for (const option of ['password', 'password2', ...previousOptions, ...fromElsewhere]) {
    if (lookUp(option, { name, type: 'crypt', environment }) === undefined) continue;
    throw new Failure(
      'usage',
      `the environment sets ${option} of "${name}": unset it, as rekey changes the config file`,
    );
  }
  const password = secretIn(section, 'password');
  if (password === '') throw new Failure('usage', `"${name}" has no password in the config file`);
  return { password, password2: secretIn(section, 'password2') };
}

/** Those that the remote had before. */
export function previousInFile(section: Section): CryptPasswords {
  return { password: secretIn(section, 'previous_password'), password2: secretIn(section, 'previous_password2') };
}

/** Revealed; '' where it is not set. */
export function secretIn(section: Section, option: string): string {
  const value = section.get(option) ?? '';
  return value === '' ? '' : reveal(value);
}

/** Throws Failure('usage') where the remote was opened with other passwords than these: those of a flag. */
export function requireInForce({ passwords }: CryptRemote, inFile: CryptPasswords): void {
  if (passwords.password === inFile.password && passwords.password2 === inFile.password2) return;
  throw new Failure('usage', 'the passwords in use are not those of the config file: leave the --crypt- flags out');
}

/** Makes `next` the passwords of the remote and keeps those that it has as the previous ones. Throws Failure('changed')
 *  where it no longer has `now`. */
export function setNewPasswords(draft: ConfigDraft, name: string, now: CryptPasswords, next: CryptPasswords): void {
  const own = draft.section(name) ?? new Map<string, string>();
  const isSame = secretIn(own, 'password') === now.password && secretIn(own, 'password2') === now.password2;
  if (!isSame || own.get('previous_password')) {
    throw new Failure('changed', `the passwords of "${name}" are not in its own section, or were changed just now`);
  }
  draft.set(
    name,
    new Map([
      ['password', obscure(next.password)],
      ['password2', obscure(next.password2)],
    ]),
  );
  setPreviousPasswords(draft, name, now);
}

/** Beside the new ones. */
export function setPreviousPasswords(draft: ConfigDraft, name: string, previous: CryptPasswords): void {
  const { password, password2 } = previous;
  draft.set(name, new Map([['previous_password', obscure(password)]]));
  if (password2 !== '') draft.set(name, new Map([['previous_password2', obscure(password2)]]));
}

/** Unless they are others by now. */
export function forgetPreviousPasswords(draft: ConfigDraft, name: string, previous: CryptPasswords): void {
  const { password, password2 } = previousInFile(draft.section(name) ?? new Map());
  if (password !== previous.password || password2 !== previous.password2) return;
  draft.unset(name, previousOptions);
}

/** The config as it is once the remote's previous passwords are forgotten. */
export function withoutPreviousPasswords(config: Config, remote: string): Config {
  return {
    ...config,
    section(name) {
      const section = config.section(name);
      if (name !== remote || !section) return section;
      return new Map([...section].filter(([option]) => !previousOptions.includes(option)));
    },
  };
}

/** Other remotes of the file with the same passwords: they may stand on the same data. */
export function withSamePasswords(draft: ConfigDraft, name: string, { password, password2 }: CryptPasswords): string[] {
  return draft.sections().filter((other) => {
    const section = draft.section(other);
    if (other === name || section?.get('type') !== 'crypt' || !section.get('password')) return false;
    return revealed(section.get('password')) === password && revealed(section.get('password2')) === password2;
  });
}

// A section that is no concern of ours may hold what is not obscured.
function revealed(value = ''): string | null {
  try {
    return value === '' ? '' : reveal(value);
  } catch {
    return null;
  }
}
