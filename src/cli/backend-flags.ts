import type { OptionSpec } from '../core/options.ts';
import { backendTypes, loadBackend } from '../remotes/table.ts';
import { type FlagSpec, type FlagSpecs, toggle } from './flags.ts';

/** The flags of those backends that `argv` names (`--swift-chunk-size`): only then is a backend loaded for its flags. */
export async function backendFlagsIn(argv: readonly string[]): Promise<FlagSpecs> {
  const named = backendTypes.filter((type) => argv.some((word) => word.startsWith(`--${type}-`)));
  const specs = await Promise.all(named.map(backendFlags));
  return Object.assign({}, ...specs);
}

/** Every option of a backend as `--<type>-<option>`. */
export async function backendFlags(type: string): Promise<FlagSpecs> {
  const { options } = await loadBackend(type);
  const specs: Record<string, FlagSpec<unknown>> = {};
  for (const [name, option] of Object.entries(options)) specs[`${type}-${name.replaceAll('_', '-')}`] = flagOf(option);
  return specs;
}

/** The text is kept as it is, for the opener to parse and to reveal, and only checked here. */
function flagOf(option: OptionSpec<unknown>): FlagSpec<unknown> {
  if (option.kind === 'flag') return toggle(option.help);
  return {
    kind: 'value',
    help: option.help,
    placeholder: option.kind,
    initial: undefined,
    ...(option.default !== '' && { shownDefault: option.default }),
    add: (_, text) => option.parse(text),
  };
}
