import { Failure, messageOf } from '../core/failure.ts';
import type { OptionSpec, OptionSpecs, Options } from '../core/options.ts';
import { lookUp, type OptionSources } from './environment.ts';
import { reveal } from './obscure.ts';

/** The options of one remote, parsed. `label` is what messages call it. Throws Failure('usage'), which names the option
 *  and the remote, for a value that does not parse, a required one that is missing and an override of an unknown option;
 *  an unknown option in the file is ignored, as rclone does. */
export function readOptions<S extends OptionSpecs>(specs: S, sources: OptionSources, label: string): Options<S> {
  refuseUnknown(specs, sources, label);
  const parsed = Object.entries(specs).map(([name, spec]) => {
    const value = lookUp(name, sources) ?? spec.default;
    if (spec.required && value === '' && !spec.alternatives?.some((other) => lookUp(other, sources))) {
      throw new Failure('usage', `option ${name} of remote "${label}" is not set: \`coffer config\` sets it`);
    }
    try {
      return [name, parseOption(spec, value)];
    } catch (error) {
      throw new Failure('usage', `option ${name} of remote "${label}": ${messageOf(error)}`, { cause: error });
    }
  });
  return Object.fromEntries(parsed);
}

function parseOption<V>(spec: OptionSpec<V>, value: string): V {
  if (spec.kind === 'secret') return spec.parse(value === '' ? '' : reveal(value));
  // An empty variable unsets a number or a flag, as in rclone: only text can be empty.
  return spec.parse(value === '' && spec.kind !== 'text' ? spec.default : value);
}

// rclone ignores these; a mistyped `filename_encription=off` would then write with a mode that nobody asked for.
function refuseUnknown(specs: OptionSpecs, sources: OptionSources, label: string): void {
  for (const name of sources.overrides?.keys() ?? []) {
    if (name === 'type' || Object.hasOwn(specs, name)) continue;
    const known = Object.keys(specs).join(', ') || 'none';
    throw new Failure('usage', `remote "${label}" has no option ${name}; ${sources.type} knows ${known}`);
  }
}
