import type { Config } from '../../config/config.ts';
import type { ConfigFile } from '../../config/config-file.ts';
import type { Environment } from '../../config/environment.ts';
import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure } from '../../core/failure.ts';
import type { Location, Remote } from '../../core/remote.ts';
import { asCrypt, type CryptRemote } from '../../remotes/crypt/as-crypt.ts';
import type { CryptPasswords } from '../../remotes/crypt/passwords.ts';
import type { Session } from '../../transfer/session.ts';
import {
  passwordsInFile,
  requireInForce,
  setNewPasswords,
  setPreviousPasswords,
  withSamePasswords,
} from './passwords.ts';
import { type Standing, standingOf } from './standing.ts';

/** What the commands give to a rekey. */
export interface Surroundings {
  readonly session: Session;
  readonly environment: Environment;
  configFile(): ConfigFile;
  config(): Promise<Config>;
  location(spec: string): Promise<Location>;
}

/** The remote of the config that is to get new passwords. */
export interface Candidate {
  /** In the config. */
  readonly name: string;
  /** `allas-crypt:` */
  readonly label: string;
  readonly remote: Remote;
  readonly crypt: CryptRemote;
  /** Those that the config has now. */
  readonly passwords: CryptPasswords;
  readonly standing: Standing;
}

/** Opens the remote `name:` and finds out where it stands. Throws Failure('usage') for what cannot get new passwords. */
export async function openCandidate(at: Surroundings, spec: string): Promise<Candidate> {
  const { name, path, overrides } = parseRemoteSpec(spec);
  if (name === null || name.startsWith(':') || path !== '' || overrides.size > 0) {
    throw new Failure('usage', `"${spec}": give a remote of the config without a path, as in "allas-crypt:"`);
  }
  const section = (await at.config()).section(name);
  if (section?.get('type') !== 'crypt') {
    throw new Failure('usage', `"${name}" is not a crypt remote of the config file`);
  }
  const passwords = passwordsInFile(name, section, at.environment);
  const { remote } = await at.location(spec);
  const crypt = asCrypt(remote);
  if (!crypt) throw new Failure('usage', `"${name}" is not a crypt remote`);
  requireFolder(crypt, name);
  requireInForce(crypt, passwords);
  const label = `${name}:`;
  const standing = await standingOf(crypt, label, { signal: at.session.signal });
  return { name, label, remote, crypt, passwords, standing };
}

function requireFolder({ base }: CryptRemote, name: string): void {
  if (base.path !== '' || !base.remote.features.buckets) return;
  throw new Failure(
    'unsupported',
    `"${name}" encrypts the names of whole buckets, which cannot be renamed: copy what is in it to a new crypt remote`,
  );
}

/** Puts both pairs of passwords into the config, so that from now on every coffer command reads both. The remote must
 *  open with those that it has. */
export async function begin(at: Surroundings, candidate: Candidate, next: CryptPasswords): Promise<void> {
  const { name, passwords } = candidate;
  if (next.password === passwords.password) throw new Failure('usage', 'the new password is the old one');
  const others = await at.configFile().update((draft) => {
    setNewPasswords(draft, name, passwords, next);
    return withSamePasswords(draft, name, passwords);
  });
  at.session.report.notice(
    name,
    `has new passwords in ${at.configFile().path}; the previous ones stay there beside them`,
  );
  for (const other of others) {
    at.session.report.notice(
      other,
      `has the passwords that ${name} had: if it leads to the same data, give it the new ones from the config too`,
    );
  }
}

/** Puts the previous passwords, which the marker holds, into a config that has only the new ones. */
export async function fetchPrevious(at: Surroundings, { name }: Candidate, previous: CryptPasswords): Promise<void> {
  await at.configFile().update((draft) => setPreviousPasswords(draft, name, previous));
  at.session.report.notice(name, `has the previous passwords in ${at.configFile().path} too, for what still has those`);
}
