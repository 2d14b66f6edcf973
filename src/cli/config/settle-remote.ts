import type { Backend } from '../../core/backend.ts';
import { isAbsence, isFailure } from '../../core/failure.ts';
import { pick } from './ask.ts';
import { askOptions } from './ask-options.ts';
import type { Values } from './asked-options.ts';
import { saveChanges } from './save-changes.ts';
import { shownValues } from './shown-values.ts';
import { makeFolder, tryBeforeSaving } from './try-remote.ts';
import type { Wizard } from './wizard.ts';

/** A remote that is made or edited. */
export interface Unsettled {
  readonly name: string;
  readonly backend: Backend;
  /** What the file says of it; null for a new one. */
  readonly saved: Values | null;
}

/** Asks for a remote's options, tries it, and asks what to do with it, until it is kept or deleted.
 *  Before that nothing is written. */
export async function settleRemote(wizard: Wizard, remote: Unsettled): Promise<void> {
  const { dialog } = wizard;
  const { name, backend } = remote;
  let values: Values = remote.saved ?? new Map([['type', backend.type]]);
  if (remote.saved) await sayEditing(wizard, remote, values);
  for (;;) {
    values = await askOptions(dialog, backend, values);
    await dialog.say(`\nConfiguration complete.\nOptions:\n${listed(values, backend)}`);
    const state = await tryOut(wizard, name, values);
    await dialog.say(`Keep this "${name}" remote?`);
    if (await decide(wizard, remote, values, state)) return;
    await sayEditing(wizard, remote, values);
  }
}

/** True when the remote is kept, or gone; false when it is to be edited. */
async function decide(wizard: Wizard, remote: Unsettled, values: Values, tried: State): Promise<boolean> {
  const actions = { y: 'Yes this is OK', e: 'Edit this remote', d: 'Delete this remote' };
  let state = tried;
  for (;;) {
    const offersFolder = state === 'missing' && wizard.dialog.isTerminal;
    const action = await pick(wizard.dialog, actions, { fallback: 'y', unlisted: offersFolder ? ['b'] : [] });
    if (action === 'e') return false;
    try {
      if (action === 'b') {
        await makeFolder(wizard.context, remote.name, new Map([[remote.name, values]]));
        state = await tryOut(wizard, remote.name, values);
        if (state !== 'works') continue;
      }
      if (action === 'd') await forget(wizard, remote);
      else await saveChanges(wizard.file, remote.name, remote.saved, values);
      return true;
    } catch (error) {
      // A person can still mend it; a script cannot.
      if (!wizard.dialog.isTerminal || !isFailure(error) || error.kind === 'cancelled') throw error;
      await wizard.dialog.say(`That failed: ${error.message}`);
    }
  }
}

async function forget({ file }: Wizard, { name, saved }: Unsettled): Promise<void> {
  if (!saved) return;
  await file.update((draft) => draft.remove(name));
}

/** `missing` when it works but for the folder or bucket. */
type State = 'works' | 'missing' | 'fails';

/** Says whether the remote works. */
async function tryOut({ dialog, context }: Wizard, name: string, values: Values): Promise<State> {
  const base = values.get('remote') ?? '';
  if (/^[^./~:][^:]*$/.test(base)) {
    await dialog.say(
      `"${base}" is a folder of this machine. A bucket stands behind its remote, as in "allas:${base}".`,
    );
  }
  await dialog.say('Trying it…');
  try {
    await tryBeforeSaving(context, name, new Map([[name, values]]));
    await dialog.say('It works.');
    return 'works';
  } catch (error) {
    if (!isFailure(error) || error.kind === 'cancelled') throw error;
    const { message } = error;
    const isMissing = isAbsence(error);
    await dialog.say(isMissing ? missing(message, dialog.isTerminal) : `It does not work: ${message}`);
    return isMissing ? 'missing' : 'fails';
  }
}

function missing(message: string, isTerminal: boolean): string {
  const offer = isTerminal ? ', or answer b to make it now' : '';
  return `It can be reached, but ${message}. The first copy makes that${offer}.`;
}

async function sayEditing({ dialog }: Wizard, { name, backend }: Unsettled, values: Values): Promise<void> {
  await dialog.say(`Editing existing "${name}" remote with options:\n${listed(values, backend)}`);
}

function listed(values: Values, { options }: Backend): string {
  return shownValues(values, options)
    .map(([option, shown]) => `- ${option}: ${shown}`)
    .join('\n');
}
