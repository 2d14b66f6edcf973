import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { type Environment, lookUp, type OptionSources } from '../config/environment.ts';
import { readOptions } from '../config/options.ts';
import { parseRemoteSpec, type RemoteSpec, remoteIdentity, remoteLabel } from '../config/remote-spec.ts';
import type { OpenEnvironment, TransportSettings } from '../core/backend.ts';
import { Failure } from '../core/failure.ts';
import { didYouMean } from '../core/near-miss.ts';
import { cleanPath, joinPath } from '../core/path.ts';
import type { ListAhead, Location, Remote } from '../core/remote.ts';
import type { Report } from '../core/report.ts';
import { withoutFeatures } from './disabled.ts';
import { createStacks, type Layer } from './stacks.ts';
import { loadBackend } from './table.ts';

/** Opens what users write, and closes it all when disposed. Equal remotes are opened once, whatever their paths,
 *  so their locations share one `Remote`. */
export interface Opener extends AsyncDisposable {
  /** `ahead` is for callers that list all of `spec` as soon as it is open.
   *  Throws Failure('usage') for a spec, remote, type or option that makes no sense, and what the backend throws. */
  location(spec: string, ahead?: ListAhead | null): Promise<Location>;
}

export interface OpenerRequest {
  readonly config: Config;
  /** Backend flags of the command line: `swift-chunk-size` → `32Mi`. */
  readonly flags: ReadonlyMap<string, string>;
  readonly environment: Environment;
  readonly settings: TransportSettings;
  readonly report: Report;
  /** As `OpenEnvironment.prompt`. */
  readonly prompt?: OpenEnvironment['prompt'];
}

export function createOpener(request: OpenerRequest): Opener {
  const { config, report, environment, settings, prompt } = request;
  const opened = new Map<string, Promise<Location>>();
  const remotes = new Set<Remote>();
  const stacks = createStacks();

  async function locate(text: string, above: Layer | null, ahead: ListAhead | null): Promise<Location> {
    const spec = parseRemoteSpec(text);
    if (spec.name === null && config.section(text)) warnOfNamesake(text, report);
    const sources = sourcesOf(spec, request);
    const path = pathWithin(spec.path, sources.type);
    const layer = { identity: remoteIdentity(spec, sources.type), type: sources.type, label: remoteLabel(spec) };
    if (above) stacks.put(above, layer);
    const root = await openOnce(layer, sources, path === '' ? ahead : null);
    return { remote: root.remote, path: joinPath(root.path, path) };
  }

  function openOnce(layer: Layer, sources: TypedSources, ahead: ListAhead | null): Promise<Location> {
    const known = opened.get(layer.identity);
    if (known) return known;
    const opening = open(layer, sources, ahead).catch((error: unknown) => {
      opened.delete(layer.identity);
      throw error;
    });
    opened.set(layer.identity, opening);
    return opening;
  }

  async function open(layer: Layer, sources: TypedSources, ahead: ListAhead | null): Promise<Location> {
    const backend = await loadBackend(layer.type);
    const options = readOptions(backend.options, sources, layer.label);
    let isStore = true;
    const location = (spec: string) => {
      isStore = false;
      return locate(spec, layer, null);
    };
    const surroundings = { ahead, report, environment, settings, ...(prompt && { prompt }) };
    const root = await backend.open(options, { name: layer.label, location, ...surroundings });
    remotes.add(root.remote);
    return isStore ? { ...root, remote: await limited(root.remote, layer.type === 'local', settings) } : root;
  }

  return {
    location: (spec, ahead = null) => locate(spec, null, ahead),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(opened.values());
      opened.clear();
      // A base was added before the layers on it.
      const closing = [...remotes].reverse();
      remotes.clear();
      await closeAll(closing);
    },
  };
}

/** A store as the flags let it be used. */
async function limited(store: Remote, isDisk: boolean, { disabled, bandwidth }: TransportSettings): Promise<Remote> {
  const remote = disabled.length === 0 ? store : withoutFeatures(store, disabled);
  if (!bandwidth) return remote;
  const { pacedRemote } = await import('./paced.ts');
  return pacedRemote(remote, bandwidth, isDisk);
}

type TypedSources = OptionSources & { readonly type: string };

function sourcesOf(spec: RemoteSpec, request: OpenerRequest): TypedSources {
  const { config, flags, environment } = request;
  // rclone lets a section [local] and its variables set options for plain paths.
  const name = spec.name ?? 'local';
  const sources = { name, overrides: spec.overrides, flags, environment, section: config.section(name) };
  const type = spec.name === null ? 'local' : name.startsWith(':') ? name.slice(1) : lookUp('type', sources);
  if (type !== undefined) return { ...sources, type };
  if (sources.section)
    throw new Failure('usage', `remote "${name}" has no type in the config file: add a line such as "type = crypt"`);
  throw noSuchRemote(name, config.sections(), `${name}:${spec.path}`);
}

/** In rclone's words, and what to do; `known` are the remotes that are there. A file here may have a colon in its name: that it
 *  is `text` is then said. */
export function noSuchRemote(name: string, known: Iterable<string>, text = ''): Failure {
  const guess = existsSync(text) ? `"./${text}" is what is there on this machine, ` : didYouMean(name, known);
  const advice = `${guess}\`coffer listremotes\` lists those that are there, \`coffer config\` makes one`;
  return new Failure('usage', `didn't find section in config file ("${name}"): ${advice}`);
}

// A folder's path is taken from the working folder, any other from the remote's root.
function pathWithin(path: string, type: string): string {
  return type === 'local' ? resolve(path).slice(1) : cleanPath(path);
}

function warnOfNamesake(name: string, report: Report): void {
  report.notice('', `"${name}" refers to a local folder, use "${name}:" for the remote or "./${name}" to hide this`);
}

/** Closes all of them, whichever fails. Throws the first failure. */
async function closeAll(remotes: readonly Remote[]): Promise<void> {
  const failures: unknown[] = [];
  for (const remote of remotes) {
    try {
      await remote[Symbol.asyncDispose]();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
