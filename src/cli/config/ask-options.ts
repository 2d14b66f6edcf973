import type { Backend } from '../../core/backend.ts';
import { confirm } from './ask.ts';
import { askOption } from './ask-option.ts';
import { currentValue, hasAdvanced, isAsked, optionsOf, type Values } from './asked-options.ts';
import type { Dialog } from './dialog.ts';

/** Asks for every option of a remote, the advanced ones on request, save those that `given` answers already.
 *  Returns `values` with the answers in it: as in rclone, a default stays unsaid. */
export async function askOptions(
  dialog: Dialog,
  backend: Backend,
  values: Values,
  given: Values = new Map(),
): Promise<Values> {
  const answered = await askRound(dialog, backend, new Map([...values, ...given]), given, false);
  if (!hasAdvanced(backend)) return answered;
  await dialog.say('\nEdit advanced config?');
  return (await confirm(dialog, false)) ? askRound(dialog, backend, answered, given, true) : answered;
}

async function askRound(
  dialog: Dialog,
  backend: Backend,
  values: Values,
  given: Values,
  advanced: boolean,
): Promise<Values> {
  const answered = new Map(values);
  for (const option of optionsOf(backend)) {
    if (given.has(option.name) || !isAsked(option.spec, answered, advanced)) continue;
    const value = await askOption(dialog, option, answered);
    if (value !== currentValue(option, answered)) answered.set(option.name, value);
  }
  return answered;
}
