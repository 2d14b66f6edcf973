import { parseRemoteSpec } from '../config/remote-spec.ts';
import { Failure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import { parseAddress } from './addresses.ts';
import type { ShareLayer } from './document.ts';
import { hasCredentials, isLayer, optionRoles } from './option-roles.ts';
import { quoted } from './quoted.ts';

export interface BaseRequest {
  readonly layers: readonly ShareLayer[];
  /** What the user said: a place, or a store (`allas:`) in which the share names the place; undefined for nothing. */
  readonly base: string | undefined;
  /** The place where the share was found, or on which an earlier join put the remote; undefined for none. */
  readonly known: string | undefined;
}

/** What a shared remote will stand on at this site. */
export interface ChosenBase {
  /** The sections to write, each standing on the next. */
  readonly layers: readonly ShareLayer[];
  /** What the last of them stands on, when it is no store. */
  readonly place: string | undefined;
  /** The last of them, when it is a store to which the share gives no login. */
  readonly withoutLogin: string | null;
}

/** A remote of this site's config; `type` is undefined where there is none. */
export interface OwnRemote {
  readonly type: string | undefined;
  readonly section: ReadonlyMap<string, string> | undefined;
}

/** The first of: `base`, `known`, this site's remote of the store's name and type, the store as the share describes it.
 *  Throws Failure('usage') where none will do. */
export function chooseBase(request: BaseRequest, own: (name: string) => OwnRemote): ChosenBase {
  const { layers, base, known } = request;
  const top = layers[0]?.type ?? '';
  if (!isLayer(top)) return base === undefined ? describedStore(layers, own) : refuseBase(top);
  if (base !== undefined && storeOf(layers) && isWholeStore(base, own)) return onStore(layers, base);
  const place = base ?? known;
  return place === undefined ? describedStore(layers, own) : { layers: upToCrypt(layers), place, withoutLogin: null };
}

/** Where the share says that its sealed files lie, below the store; null for a folder of each site. */
export function sealedPlace(layers: readonly ShareLayer[]): string | null {
  if (!storeOf(layers) || layers.length === 1) return null;
  const fromCrypt = layers.slice(upToCrypt(layers).length - 1);
  return fromCrypt.reduceRight((path, layer) => joinPath(path, layer.path ?? ''), '');
}

function describedStore(layers: readonly ShareLayer[], own: (name: string) => OwnRemote): ChosenBase {
  const store = storeOf(layers);
  if (!store) {
    throw new Failure(
      'usage',
      'the shared remote lies in a folder: say where this site has it with --base /the/folder',
    );
  }
  const { type, section } = own(store.name);
  if (type === undefined) return asDescribed(layers, store);
  // A share of a store itself: the name is to be written, and that is asked about.
  if (layers.length === 1) return asDescribed(layers, store);
  if (type === store.type && isSameStore(store, section)) return onStore(layers, `${store.name}:`);
  const why =
    type === store.type ? 'has another address' : `is of type ${type}, and the share's of ${quoted(store.type)}`;
  throw new Failure(
    'usage',
    `your remote ${quoted(store.name)} is another store, it ${why}: say which of your remotes leads to the share's with --base NAME:`,
  );
}

function asDescribed(layers: readonly ShareLayer[], store: ShareLayer): ChosenBase {
  const roles = optionRoles(store.type);
  if (!roles) {
    throw new Failure(
      'usage',
      `the share needs a store of type ${quoted(store.type)}, but does not describe it: set up a remote of your own and name it with --base NAME:`,
    );
  }
  const hasLogin = hasCredentials(store) || store.options.has('env_auth');
  return { layers, place: undefined, withoutLogin: hasLogin ? null : store.name };
}

/** The layers above the store, the last of which stands on the remote `root` where it stood on the store. */
function onStore(layers: readonly ShareLayer[], root: string): ChosenBase {
  const above = layers.slice(0, -1);
  return { layers: above, place: `${root}${above.at(-1)?.path ?? ''}`, withoutLogin: null };
}

/** The layers down to the last crypt: what is below it only leads to the sealed files. */
export function upToCrypt(layers: readonly ShareLayer[]): readonly ShareLayer[] {
  const last = layers.findLastIndex(({ type }) => type === 'crypt');
  return layers.slice(0, last === -1 ? 1 : last + 1);
}

/** Whether `spec` names a store, in which the share names the place, and not that place itself: an alias may lead to it. */
function isWholeStore(spec: string, own: (name: string) => OwnRemote): boolean {
  const { name, path } = parseRemoteSpec(spec);
  if (name === null || path !== '') return false;
  const { type, section } = own(name);
  const target = type === 'alias' ? section?.get('remote') : undefined;
  return !target || parseRemoteSpec(target).path === '';
}

function storeOf(layers: readonly ShareLayer[]): ShareLayer | null {
  const last = layers.at(-1);
  return last && !isLayer(last.type) ? last : null;
}

function isSameStore(store: ShareLayer, section: ReadonlyMap<string, string> | undefined): boolean {
  return [...(optionRoles(store.type) ?? [])].every(([option, role]) => {
    const [theirs, ours] = [store.options.get(option), section?.get(option)];
    return role !== 'address' || !theirs || !ours || parseAddress(theirs)?.href === parseAddress(ours)?.href;
  });
}

function refuseBase(type: string): never {
  throw new Failure('usage', `a shared remote of type ${quoted(type)} is not over another one: leave --base out`);
}
