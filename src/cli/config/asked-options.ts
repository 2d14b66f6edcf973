import type { Backend } from '../../core/backend.ts';
import type { OptionSpec } from '../../core/options.ts';

/** One option with its name. */
export interface NamedOption {
  readonly name: string;
  readonly spec: OptionSpec<unknown>;
}

/** What a remote has set so far: option → value as it stands in the config. */
export type Values = ReadonlyMap<string, string>;

export function optionsOf(backend: Backend): readonly NamedOption[] {
  return Object.entries(backend.options).map(([name, spec]) => ({ name, spec }));
}

export function hasAdvanced(backend: Backend): boolean {
  return optionsOf(backend).some(({ spec }) => spec.advanced);
}

/** Whether the menu asks for this option among the usual ones, or the advanced ones. */
export function isAsked(spec: OptionSpec<unknown>, values: Values, advanced: boolean): boolean {
  return !spec.hidden && (spec.advanced ?? false) === advanced && suitsProvider(spec.provider, values);
}

/** The examples that suit the provider, if one was chosen. */
export function examplesFor(spec: OptionSpec<unknown>, values: Values): OptionSpec<unknown>['examples'] {
  return spec.examples?.filter((example) => suitsProvider(example.provider, values));
}

/** The value in force: an empty one in the config counts as none. */
export function currentValue({ name, spec }: NamedOption, values: Values): string {
  return values.get(name) || spec.default;
}

function suitsProvider(providers: string | undefined, values: Values): boolean {
  const provider = values.get('provider');
  if (!providers || !provider) return true;
  const isListed = providers.replace(/^!/, '').split(',').includes(provider);
  return isListed !== providers.startsWith('!');
}
