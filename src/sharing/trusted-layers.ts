import { checkRemoteName } from '../config/new-remote.ts';
import { reveal } from '../config/obscure.ts';
import { Failure, isFailure, messageOf } from '../core/failure.ts';
import { cleanPath } from '../core/path.ts';
import { loadBackend } from '../remotes/table.ts';
import { parseAddress } from './addresses.ts';
import type { ShareLayer } from './document.ts';
import { isLayer, type OptionRole, optionRoles, sendsLoginElsewhere } from './option-roles.ts';
import { quoted } from './quoted.ts';

/** Refuses layers that would do more at a site than name a store and open what is in it: its maker, or who has the
 *  maker's key, may mean ill. An option that a share cannot have makes the whole of it suspicious, so nothing is dropped
 *  in silence. Throws Failure('denied') with what is wrong. */
export async function checkLayers(layers: readonly ShareLayer[]): Promise<void> {
  if (layers.length === 0) throw refused('it names no remote');
  const names = layers.map(({ name }) => name);
  if (new Set(names).size < names.length) throw refused('two of its remotes have one name');
  for (const [index, layer] of layers.entries()) {
    checkName(layer.name);
    checkPath(layer);
    if (!isLayer(layer.type) && index < layers.length - 1) {
      throw refused(`${quoted(layer.type)} cannot be over another remote`);
    }
    await checkOptions(layer);
  }
}

function checkName(name: string): void {
  try {
    checkRemoteName(name);
  } catch (error) {
    throw refused(`${quoted(name)} is not a name for a remote`, error);
  }
  // Values of this section reach every other one, by goconfig's %(name)s.
  if (name === 'DEFAULT') throw refused('it would change the section DEFAULT');
}

function checkPath({ name, type, path }: ShareLayer): void {
  const isRight = isLayer(type) ? path !== null && isPlain(path) && isClean(path) : path === null;
  if (!isRight) throw refused(`the place that ${quoted(name)} refers to makes no sense: ${quoted(path ?? '')}`);
}

function isClean(path: string): boolean {
  try {
    return cleanPath(path) === path;
  } catch (error) {
    if (isFailure(error, 'usage')) return false;
    throw error;
  }
}

async function checkOptions({ name, type, options }: ShareLayer): Promise<void> {
  const roles = optionRoles(type);
  if (!roles) {
    const [option] = options.keys();
    if (option === undefined) return;
    throw refused(`coffer does not know what ${quoted(option)} of a remote of type ${quoted(type)} does`);
  }
  const specs = (await loadBackend(type)).options;
  for (const [option, value] of options) {
    const role = roles.get(option);
    if (!role) throw refused(`a share cannot set ${quoted(option)} of a remote of type ${type} (${quoted(name)})`);
    try {
      checkValue(option, role, value);
      specs[option]?.parse(role === 'secret' ? reveal(value) : value);
    } catch (error) {
      throw refused(`option ${option} of ${quoted(name)}: ${messageOf(error)}`, error);
    }
  }
  if (sendsLoginElsewhere(type, options)) {
    throw refused(`${quoted(name)} would send the login of your environment to an address of the maker's choice`);
  }
}

function checkValue(option: string, role: OptionRole, value: string): void {
  if (!isPlain(value)) throw new Failure('usage', 'its value could change other lines of the config');
  if (role === 'address' && !parseAddress(value)) throw new Failure('usage', 'its value is not a web address');
  // It becomes part of every file's name: `/../../.bashrc` would leave the folder that the remote stands on.
  if (option === 'suffix' && value.includes('/')) throw new Failure('usage', 'a suffix cannot hold a slash');
}

/** True for what rclone.conf gives back as it is and a terminal shows as it is: no line end, no quotation marks around
 *  it, no change of direction, no `%(name)s`, which would bring in another value: a site's password, in an address. */
function isPlain(value: string): boolean {
  return !/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|%\(|^\s|\s$|^`|^"""/u.test(value);
}

function refused(why: string, cause?: unknown): Failure {
  return new Failure('denied', `the share is refused: ${why}`, { cause });
}
