import type { OptionSpecs } from '../../core/options.ts';
import { visible } from '../log.ts';
import type { Values } from './asked-options.ts';

/** What may be shown of a remote's values, in their order: passwords are hidden, though the config only obscures them. */
export function shownValues(values: Values, specs: OptionSpecs): readonly (readonly [name: string, shown: string])[] {
  return [...values].map(([name, value]) => {
    const isHidden = value !== '' && specs[name]?.kind === 'secret';
    return [name, isHidden ? '*** ENCRYPTED ***' : visible(value)];
  });
}

/** A remote as the commands below `config` print it, in the form of the config file. */
export function remoteText(name: string, values: Values, specs: OptionSpecs): string {
  const lines = shownValues(values, specs).map(([option, shown]) => `${visible(option)} = ${shown}\n`);
  return `[${visible(name)}]\n${lines.join('')}`;
}
