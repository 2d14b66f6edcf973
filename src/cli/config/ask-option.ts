import { isFailure } from '../../core/failure.ts';
import type { OptionSpec } from '../../core/options.ts';
import { formatSize, parseSize } from '../../core/size.ts';
import { ask, choose } from './ask.ts';
import { askPassword } from './ask-password.ts';
import { currentValue, examplesFor, type NamedOption, type Values } from './asked-options.ts';
import type { Dialog } from './dialog.ts';

// What rclone calls the types of its options.
const kinds: Readonly<Record<OptionSpec<unknown>['kind'], string>> = {
  text: 'string value',
  secret: 'value',
  flag: 'boolean value (true or false)',
  integer: 'signed integer',
  size: 'size with suffix K,M,G,T',
};

/** Explains an option and asks for it until the answer makes sense. Returns the value as it stands in the config. */
export async function askOption(dialog: Dialog, option: NamedOption, values: Values): Promise<string> {
  const { name, spec } = option;
  const current = currentValue(option, values);
  await dialog.say(`\nOption ${name}.\n${spec.help}`);
  if (spec.kind === 'secret') return askPassword(dialog, current, spec.required ?? false);
  const kind = spec.kind === 'text' && current === '' ? 'value' : kinds[spec.kind];
  const question = { name, kind, default: current, required: spec.required ?? false };
  const examples = examplesFor(spec, values) ?? [];
  for (;;) {
    const answer = examples.length > 0 ? await choose(dialog, question, examples, true) : await ask(dialog, question);
    if (answer === '') return current;
    const complaint = complaintAbout(answer, spec);
    if (complaint === null) return spec.kind === 'size' ? formatSize(parseSize(answer)) : answer;
    await dialog.say(`Failed to parse "${answer}": ${complaint}`);
  }
}

function complaintAbout(answer: string, spec: OptionSpec<unknown>): string | null {
  try {
    spec.parse(answer);
    return null;
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return error.message;
  }
}
