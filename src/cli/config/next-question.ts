import { obscure } from '../../config/obscure.ts';
import type { Backend } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import { flag, type OptionSpec } from '../../core/options.ts';
import {
  currentValue,
  examplesFor,
  hasAdvanced,
  isAsked,
  type NamedOption,
  optionsOf,
  type Values,
} from './asked-options.ts';
import { optionJson } from './option-json.ts';

/** Where a configuration by questions and answers stands, in the words of rclone's JSON. */
export interface ConfigStep {
  readonly values: Values;
  /** What the answer must be sent back with; '' at the end. */
  readonly state: string;
  readonly question: object | null;
}

/** What `--state` and `--result` say. */
export interface Answer {
  readonly state: string;
  readonly result: string;
  /** False where the answer to a question for a password is the password itself. */
  readonly isObscured: boolean;
}

interface Place {
  readonly index: number;
  readonly advanced: boolean;
}

const yesOrNo: OptionSpec<boolean> = flag('Edit advanced config?', {
  examples: [
    { value: 'true', help: 'Yes' },
    { value: 'false', help: 'No' },
  ],
});

/** Takes the answer to the question of `state` and finds the next one, as rclone's `config create --non-interactive`
 *  and `--continue` do: one question a call. Those that `given` answers are left out.
 *  Throws Failure('usage') for a state that is none. */
export function nextQuestion(backend: Backend, values: Values, given: Values, answer: Answer): ConfigStep {
  const [action, index = '0', advanced] = answer.state.split(',');
  const place: Place = { index: Number(index), advanced: advanced === 'true' };
  const option = optionsOf(backend)[place.index];
  if (action === '*all') return ask(backend, values, given, place);
  if (action === '*all-advanced') {
    return answer.result === 'true' ? ask(backend, values, given, { index: 0, advanced: true }) : finished(values);
  }
  if (action === '*all-set' && option) {
    return ask(backend, answered(option, values, answer), given, { ...place, index: place.index + 1 });
  }
  if (answer.state.startsWith('*')) throw new Failure('usage', `unknown internal state "${answer.state}"`);
  return finished(values);
}

function ask(backend: Backend, values: Values, given: Values, { index, advanced }: Place): ConfigStep {
  const options = optionsOf(backend);
  const next = options.findIndex(
    ({ name, spec }, at) => at >= index && !given.has(name) && isAsked(spec, values, advanced),
  );
  const option = options[next];
  if (option) {
    const { name, spec } = option;
    const examples = examplesFor(spec, values);
    const question = optionJson(name, { ...spec, ...(examples && { examples }) }, currentValue(option, values));
    return { values, state: `*all-set,${next},${advanced}`, question };
  }
  if (advanced || !hasAdvanced(backend)) return finished(values);
  const question = { ...optionJson('config_fs_advanced', yesOrNo), Exclusive: true };
  return { values, state: '*all-advanced', question };
}

function answered(option: NamedOption, values: Values, { result, isObscured }: Answer): Values {
  if (result === currentValue(option, values)) return values;
  const isPassword = option.spec.kind === 'secret' && result !== '' && !isObscured;
  return new Map([...values, [option.name, isPassword ? obscure(result) : result]]);
}

function finished(values: Values): ConfigStep {
  return { values, state: '', question: null };
}
