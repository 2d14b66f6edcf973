import type { ConfigDraft } from '../config/draft.ts';
import { type Environment, lookUp } from '../config/environment.ts';
import { checkRemoteName } from '../config/new-remote.ts';
import { Failure } from '../core/failure.ts';
import { fingerprint } from '../formats/crypt4gh/fingerprint.ts';
import { type ChosenBase, chooseBase, sealedPlace, upToCrypt } from './base.ts';
import type { ShareDocument, ShareLayer } from './document.ts';
import { refuseEnvironmentLogin } from './environment-login.ts';
import { type Acceptance, checkMaker, checkPin, type Pin, pinIn, pinValues } from './pin.ts';
import { quoted } from './quoted.ts';

/** The part of a config, or of its draft, that a plan looks at. */
export interface Sections {
  sections(): readonly string[];
  section(name: string): ReadonlyMap<string, string> | undefined;
}

export interface JoinRequest {
  readonly share: ShareDocument;
  /** `--as`; undefined for the name that the maker gave it. */
  readonly name: string | undefined;
  /** `--base`: `allas:`, `allas:bucket`, `/folder`; undefined when it was not given. */
  readonly base: string | undefined;
  /** Where the share was published; undefined for one from a file, and for one found by a remote of the config. */
  readonly foundAt: PublishedPlace | undefined;
  /** The crypt remote of the config that was named to find it; undefined for none. */
  readonly foundBy: string | undefined;
  readonly accepted: Acceptance;
  readonly environment: Environment;
}

export interface PublishedPlace {
  /** As the user wrote it: `allas:2001659-crypt`. */
  readonly spec: string;
  /** With the bucket; null for a folder. */
  readonly path: string | null;
}

/** What joining a share does to the config. Equal plans are equal as JSON. */
export interface JoinPlan {
  /** The remote that can be used afterwards. */
  readonly remote: string;
  /** Null the first time that this remote is joined. */
  readonly pinned: Pin | null;
  /** What will be remembered. */
  readonly pin: Pin;
  readonly changes: readonly SectionChange[];
  /** A remote of the store that is added without a login. */
  readonly withoutLogin: string | null;
}

export interface SectionChange {
  readonly section: string;
  /** `new`; `update` of what the same share wrote; `replace` what stands there for another reason. */
  readonly kind: 'new' | 'update' | 'replace';
  /** All that the section will have: pairs of key and value. */
  readonly values: readonly (readonly [string, string])[];
}

/** Works out what to write, and changes nothing. Throws Failure('denied') for another maker than before and an older
 *  share, Failure('usage') where the share does not fit this site, with what to do. */
export function planJoin(request: JoinRequest, config: Sections): JoinPlan {
  const { share, accepted, environment } = request;
  const pin = pinOf(share);
  const there = remotesThere(request, config);
  for (const { name, pinned } of there) checkMaker(name, pinned, pin, accepted);
  const remote = request.name ?? nameHere(nameOf(share), pin, there);
  checkRemoteName(remote);
  const pinned = pinIn(config.section(remote));
  checkPin(remote, pinned, pin, accepted);

  const layers = share.layers.map((layer, index) => (index === 0 ? { ...layer, name: remote } : layer));
  if (request.base === undefined) checkPlace(layers, request.foundAt);
  const isSamePlace = pinned?.maker === pin.maker && pinned.place === pin.place;
  const before = isSamePlace ? config.section(upToCrypt(layers).at(-1)?.name ?? '')?.get('remote') : undefined;
  const base = chooseBase(
    { layers, base: request.base, known: request.foundAt?.spec ?? (before || undefined) },
    (name) => ({
      type: lookUp('type', { name, environment, section: config.section(name) }),
      section: config.section(name),
    }),
  );
  const changes = base.layers.map((layer, index) => {
    const values = [...sectionValues(layer, base, index), ...(index === 0 ? pinValues(pin) : [])];
    return { section: layer.name, kind: kindOf(layer.name, index === 0 && pinned !== null, config), values };
  });
  for (const { section, values } of changes) {
    refuseRelatives(section, config);
    refuseEnvironmentLogin(section, values, environment);
  }
  return {
    remote,
    pinned,
    pin,
    changes: changes.filter((change) => !isThere(change, config)),
    withoutLogin: base.withoutLogin,
  };
}

/** What is to be remembered of a share. */
export function pinOf({ maker, serial, layers }: ShareDocument): Pin {
  return { maker: fingerprint(maker.signingKey), serial, place: sealedPlace(layers) };
}

/** Writes the sections of a plan, each as a whole: an option that the share does not name goes. */
export function applyPlan({ changes }: JoinPlan, draft: ConfigDraft): void {
  for (const { section, values } of changes) {
    const next = new Map(values);
    const there = draft.section(section);
    if (there) {
      draft.unset(
        section,
        [...there.keys()].filter((key) => !next.has(key)),
      );
    }
    draft.set(section, next);
  }
}

interface RemoteThere {
  readonly name: string;
  readonly pinned: Pin | null;
}

/** The remotes of this site that stand where the share was found. */
function remotesThere({ foundAt, foundBy }: JoinRequest, config: Sections): readonly RemoteThere[] {
  const stands = (name: string): boolean =>
    foundAt !== undefined && config.section(name)?.get('remote') === foundAt.spec;
  const names = foundBy === undefined ? config.sections().filter(stands) : [foundBy];
  return names.map((name) => ({ name, pinned: pinIn(config.section(name)) }));
}

/** What the remote is called here: an earlier join may have given it another name than its maker. */
function nameHere(makersName: string, { maker, place }: Pin, there: readonly RemoteThere[]): string {
  if (place === null || there.some(({ name }) => name === makersName)) return makersName;
  return there.find(({ pinned }) => pinned?.maker === maker && pinned.place === place)?.name ?? makersName;
}

// A share in the wrong bucket would have this site seal data under the passwords of another group.
function checkPlace(layers: readonly ShareLayer[], foundAt: PublishedPlace | undefined): void {
  const place = sealedPlace(layers);
  if (!foundAt || foundAt.path === null || place === null || place === foundAt.path) return;
  throw new Failure(
    'denied',
    `the share in ${foundAt.spec} was made for another place, ${quoted(place)}: ask its maker; if all is well, add --base ${foundAt.spec}`,
  );
}

function nameOf({ layers }: ShareDocument): string {
  const [top] = layers;
  if (!top) throw new Failure('corrupt', 'the share names no remote');
  return top.name;
}

function sectionValues(layer: ShareLayer, base: ChosenBase, index: number): readonly (readonly [string, string])[] {
  const below = base.layers[index + 1];
  const remote = layer.path === null ? undefined : below ? `${below.name}:${layer.path}` : base.place;
  const head: [string, string][] = [['type', layer.type]];
  if (remote !== undefined) head.push(['remote', remote]);
  return [...head, ...layer.options];
}

function kindOf(name: string, isPinned: boolean, config: Sections): SectionChange['kind'] {
  if (!config.section(name)) return 'new';
  return isPinned ? 'update' : 'replace';
}

function isThere({ section, values }: SectionChange, config: Sections): boolean {
  const there = config.section(section);
  return there?.size === values.length && values.every(([key, value]) => there.get(key) === value);
}

// rclone gives the section a.b the values of a that it lacks: a login of this site would go where the share says.
function refuseRelatives(name: string, config: Sections): void {
  const relative = config.sections().find((other) => name.startsWith(`${other}.`) || other.startsWith(`${name}.`));
  if (relative === undefined) return;
  throw new Failure(
    'denied',
    `${quoted(name)} and your remote ${quoted(relative)} would take options from each other, as their names begin alike: choose another name with --as, or your own remote with --base`,
  );
}
