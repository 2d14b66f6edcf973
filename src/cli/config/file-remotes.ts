import { parseIni } from '../../config/ini.ts';
import { ownValues, sectionsOf } from '../../config/sections.ts';
import type { OptionSpecs } from '../../core/options.ts';
import { noSuchRemote } from '../../remotes/open.ts';
import { backendTypes, loadBackend } from '../../remotes/table.ts';
import type { CommandContext } from '../command.ts';
import type { Values } from './asked-options.ts';

/** Name → what the config file says of that remote. */
export type Remotes = ReadonlyMap<string, Values>;

/** The remotes that the config file itself holds, each with its own values only, as `rclone config dump` has them. */
export async function fileRemotes({ configFile }: Pick<CommandContext, 'configFile'>): Promise<Remotes> {
  const file = configFile();
  const sections = sectionsOf(parseIni((await file.text()) ?? new Uint8Array(), file.path ?? ''));
  return new Map([...sections.keys()].map((name) => [name, ownValues(sections, name) ?? new Map<string, string>()]));
}

/** What the file says of a remote. Throws Failure('usage') where it says nothing. */
export function demandRemote(remotes: Remotes, name: string): Values {
  const values = remotes.get(name);
  if (values) return values;
  throw noSuchRemote(name, remotes.keys());
}

/** The options of a remote's type; null for a type that we do not have. */
export async function specsOf(values: Values): Promise<OptionSpecs | null> {
  const type = values.get('type') ?? '';
  return backendTypes.includes(type) ? (await loadBackend(type)).options : null;
}
