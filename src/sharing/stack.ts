import type { Config } from '../config/config.ts';
import { type Environment, lookUp, type OptionSources } from '../config/environment.ts';
import { obscure, reveal } from '../config/obscure.ts';
import { readOptions } from '../config/options.ts';
import { parseRemoteSpec, type RemoteSpec } from '../config/remote-spec.ts';
import { Failure, messageOf } from '../core/failure.ts';
import { cleanPath } from '../core/path.ts';
import type { Report } from '../core/report.ts';
import { options as cryptOptions } from '../remotes/crypt/options.ts';
import { readPasswords } from '../remotes/crypt/passwords.ts';
import { noSuchRemote } from '../remotes/open.ts';
import { hasLogin } from './addresses.ts';
import { mostLayers, type ShareLayer } from './document.ts';
import { isLayer, type OptionRole, optionRoles, sendsLoginElsewhere } from './option-roles.ts';

export interface StackRequest {
  readonly config: Config;
  readonly environment: Environment;
  readonly withCredentials: boolean;
  readonly report: Report;
}

/** What a share says about a remote, and what it does not. */
export interface Stack {
  readonly layers: readonly ShareLayer[];
  /** Options that are set and stay here: `allas: key`. */
  readonly leftOut: readonly string[];
}

/** The sections that the remote `name` consists of, from itself down to the store, with the values that it has when it
 *  is opened: those of RCLONE_CONFIG_* go before those of the file. A folder of this machine is left out.
 *  Throws Failure('usage') for what cannot be shared. */
export async function stackOf(name: string, request: StackRequest): Promise<Stack> {
  const layers: ShareLayer[] = [];
  const leftOut: string[] = [];
  for (let section: string | null = name; section !== null; ) {
    if (layers.some((layer) => layer.name === section) || layers.length === mostLayers) {
      throw new Failure('usage', `remote "${name}" refers to itself: correct its config before you share it`);
    }
    const { layer, below, left } = await readLayer(section, request);
    layers.push(layer);
    leftOut.push(...left.map((option) => `${section}: ${option}`));
    section = below;
  }
  return { layers, leftOut };
}

interface ReadLayer {
  readonly layer: ShareLayer;
  /** The section that it stands on; null below a store, and above a folder. */
  readonly below: string | null;
  readonly left: readonly string[];
}

async function readLayer(name: string, request: StackRequest): Promise<ReadLayer> {
  const type = typeOf(name, request);
  if (type === undefined) throw noSuchRemote(name, request.config.sections());
  if (type === 'crypt4gh') {
    const how = `each opens its files with a key of their own: \`coffer recipients ${name}: add KEY\` lets them in`;
    throw new Failure('usage', `remote "${name}" has no secret to share: ${how}`);
  }
  const sources = { name, type, environment: request.environment, section: request.config.section(name) };
  const { options, left } = sharedOptions(sources, request.withCredentials);
  if (type === 'crypt') await addPasswords(options, sources, request.report);
  if (!isLayer(type)) return { layer: { name, type, options, path: null }, below: null, left };
  const spec = baseSpec(sources);
  // Each site has a folder elsewhere; what this one is called here is nobody's business.
  const isFolder = spec.name === null || typeOf(spec.name, request) === 'local';
  const path = isFolder ? '' : cleanPath(spec.path);
  return { layer: { name, type, options, path }, below: isFolder ? null : spec.name, left };
}

function typeOf(name: string, { config, environment }: StackRequest): string | undefined {
  return lookUp('type', { name, environment, section: config.section(name) });
}

type LayerSources = OptionSources & { readonly type: string };

function sharedOptions(
  sources: LayerSources,
  withCredentials: boolean,
): { options: Map<string, string>; left: readonly string[] } {
  const { name, type, section } = sources;
  const roles = optionRoles(type) ?? new Map<string, OptionRole>();
  const options = new Map<string, string>();
  const left = new Set([...(section?.keys() ?? [])].filter((option) => !roles.has(option) && !isOurs(option, type)));
  for (const [option, role] of roles) {
    const value = lookUp(option, sources);
    if (value === undefined || value === '') continue;
    const isOwn = role === 'credential' || (role === 'address' && hasLogin(value));
    if (isOwn && !withCredentials) left.add(option);
    else options.set(option, role === 'secret' ? checkObscured(name, option, value) : value);
  }
  // The other sites would refuse it.
  if (sendsLoginElsewhere(type, options)) options.delete('env_auth');
  return { options, left: [...left] };
}

/** What the share says in another way, and what earlier shares left. */
function isOurs(option: string, type: string): boolean {
  if (option === 'type' || option.startsWith('share_')) return true;
  return (option === 'remote' && isLayer(type)) || (type === 'crypt' && /^password2?_(?:command|file)$/.test(option));
}

/** The command or the file that a password comes from is of this machine: the share gets the password itself. */
async function addPasswords(options: Map<string, string>, sources: LayerSources, report: Report): Promise<void> {
  const { name, environment } = sources;
  const passwords = await readPasswords(readOptions(cryptOptions, sources, name), { label: name, report, environment });
  for (const option of ['password', 'password2'] as const) {
    const password = passwords[option];
    if (password !== '' && !options.has(option)) options.set(option, obscure(password));
  }
}

function baseSpec(sources: LayerSources): RemoteSpec {
  const remote = lookUp('remote', sources);
  if (!remote) throw new Failure('usage', `option remote of remote "${sources.name}" is not set`);
  const spec = parseRemoteSpec(remote);
  if (spec.overrides.size === 0 && !spec.name?.startsWith(':')) return spec;
  throw new Failure(
    'usage',
    `remote "${sources.name}" is over a connection string, which may hold secrets: move that into a section of its own`,
  );
}

function checkObscured(name: string, option: string, value: string): string {
  try {
    reveal(value);
    return value;
  } catch (error) {
    throw new Failure('usage', `option ${option} of remote "${name}": ${messageOf(error)}`, { cause: error });
  }
}
