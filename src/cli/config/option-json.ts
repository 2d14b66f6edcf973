import type { OptionSpec } from '../../core/options.ts';

const types: Readonly<Record<OptionSpec<unknown>['kind'], string>> = {
  text: 'string',
  secret: 'string',
  flag: 'bool',
  integer: 'int',
  size: 'SizeSuffix',
};
// rclone's OptionHideConfigurator.
const hiddenInMenu = 2;

/** An option as rclone's JSON describes it, in `config providers` and in the questions of `--non-interactive`.
 *  `value` takes the default's place. */
export function optionJson(name: string, spec: OptionSpec<unknown>, value = spec.default): object {
  return {
    Name: name,
    Help: spec.help,
    Provider: spec.provider ?? '',
    Default: valueJson(spec, value),
    Value: null,
    ...(spec.examples && { Examples: spec.examples.map(exampleJson) }),
    ShortOpt: '',
    Hide: spec.hidden ? hiddenInMenu : 0,
    Required: spec.required ?? false,
    IsPassword: spec.kind === 'secret',
    NoPrefix: false,
    Advanced: spec.advanced ?? false,
    Exclusive: false,
    DefaultStr: value,
    ValueStr: value,
    Type: types[spec.kind],
  };
}

function exampleJson({ value, help, provider = '' }: NonNullable<OptionSpec<unknown>['examples']>[number]): object {
  return { Value: value, Help: help, Provider: provider };
}

function valueJson({ kind, parse }: OptionSpec<unknown>, value: string): unknown {
  return kind === 'text' || kind === 'secret' ? value : parse(value);
}
