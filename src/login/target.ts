import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { checkRemoteName } from '../config/new-remote.ts';
import { readOptions } from '../config/options.ts';
import { Failure } from '../core/failure.ts';
import { versioned } from '../remotes/swift/catalogue.ts';
import { type Credentials, gatherCredentials } from '../remotes/swift/credentials.ts';
import { options } from '../remotes/swift/options.ts';
import { keystoneAddress } from './auth-url.ts';
import { type Preset, presets } from './presets.ts';

/** Which remotes a login is for. */
export type Mode = 'swift' | 'S3' | 'both';

/** What the user said of where to log in; undefined where nothing was said. */
export interface Wish {
  /** A preset's name, or that of a remote. */
  readonly site: string | undefined;
  readonly name: string | undefined;
  readonly authUrl: string | undefined;
  /** True for a new login, false for what is done with the one that there is. */
  readonly isNew: boolean;
}

/** Where a login goes, and the remotes that it is for. */
export interface Target {
  /** The Swift remote. */
  readonly name: string;
  readonly s3Name: string;
  /** Keystone's address, with its version. */
  readonly authUrl: string;
  readonly preset: Preset | undefined;
  /** What the Swift remote has for a login so far; null where there is no such remote, or it is of another site. */
  readonly known: Known | null;
  /** Where the S3 remote has its store so far; '' for none. */
  readonly s3Endpoint: string;
  /** The access key that the S3 remote has so far. */
  readonly s3AccessKey: string | undefined;
}

export interface Known extends Credentials {
  /** With `env_auth`: it takes what it lacks from the environment, as allas_conf arranges it. */
  readonly isFromEnvironment: boolean;
}

/** Throws Failure('usage') for names that are taken by remotes of other types, and for a site without an address. */
export function findTarget(wish: Wish, config: Config, environment: Environment): Target {
  const site = wish.site ?? wish.name ?? 'allas';
  const name = wish.name ?? site;
  checkRemoteName(name);
  const s3Name = `s3${name}`;
  const s3 = requireType(s3Name, 's3', config);
  const swift = requireType(name, 'swift', config);
  const own = swift ? readKnown(name, swift, environment) : null;
  const preset = presets.get(site);
  // For a new login a variable of another site must not lead a known one astray.
  const addresses = wish.isNew ? [swift?.get('auth'), preset?.authUrl, own?.authUrl] : [own?.authUrl, preset?.authUrl];
  const address = wish.authUrl || addresses.find(Boolean);
  if (!address) {
    const known = [...presets.keys()].join(', ');
    throw new Failure(
      'usage',
      `"${site}" is not a site that coffer knows (${known}): give its Keystone with --auth-url`,
    );
  }
  const authUrl = keystoneAddress(address);
  const isSame = own !== null && (own.authUrl === '' || versioned(own.authUrl, '/v3', '/v3') === authUrl);
  return {
    name,
    s3Name,
    authUrl,
    preset: preset?.authUrl === authUrl ? preset : undefined,
    known: isSame ? own : null,
    s3Endpoint: s3?.get('endpoint') ?? '',
    s3AccessKey: s3?.get('access_key_id') || undefined,
  };
}

function requireType(name: string, type: string, config: Config): ReadonlyMap<string, string> | undefined {
  const section = config.section(name);
  const actual = section?.get('type');
  if (section === undefined || actual === type) return section;
  throw new Failure('usage', `"${name}" is the name of a remote of the type ${actual}: choose another with --name`);
}

function readKnown(name: string, section: ReadonlyMap<string, string>, environment: Environment): Known {
  const given = readOptions(options, { name, type: 'swift', environment, section }, name);
  return { ...gatherCredentials(given, environment), isFromEnvironment: given.env_auth };
}
