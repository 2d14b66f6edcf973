import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { isFailure } from '../../core/failure.ts';
import { loadBackend } from '../../remotes/table.ts';
import { askNewName, chooseRemote } from './ask-name.ts';
import { fileRemotes, type Remotes } from './file-remotes.ts';
import { settleRemote } from './settle-remote.ts';
import type { Wizard } from './wizard.ts';

/** `e) Edit existing remote`. Throws Failure('usage') for one of a type that only rclone has. */
export async function editRemote(wizard: Wizard): Promise<void> {
  const { dialog, context } = wizard;
  const remotes = await fileRemotes(context);
  const name = await chooseRemote(dialog, remotes);
  const saved = remotes.get(name) ?? new Map<string, string>();
  const backend = await loadBackend(saved.get('type') ?? '');
  await dialog.say('');
  await settleRemote(wizard, { name, backend, saved });
}

export async function deleteRemote({ dialog, file, context }: Wizard): Promise<void> {
  const name = await chooseRemote(dialog, await fileRemotes(context));
  await file.update((draft) => draft.remove(name));
  await warnOfDependents(dialog, await fileRemotes(context), name);
}

export async function renameRemote({ dialog, file, context }: Wizard): Promise<void> {
  const remotes = await fileRemotes(context);
  const name = await chooseRemote(dialog, remotes);
  await dialog.say(`\nEnter new name for "${name}" remote.`);
  const to = await askNewName(dialog, remotes);
  await file.update((draft) => draft.rename(name, to));
  await warnOfDependents(dialog, await fileRemotes(context), name);
}

export async function copyRemote({ dialog, file, context }: Wizard): Promise<void> {
  const remotes = await fileRemotes(context);
  const name = await chooseRemote(dialog, remotes);
  await dialog.say(`\nEnter name for copy of "${name}" remote.`);
  const to = await askNewName(dialog, remotes);
  await file.update((draft) => draft.copy(name, to));
}

/** Says which remotes still stand on one that is not called so any more. */
async function warnOfDependents(dialog: Wizard['dialog'], remotes: Remotes, name: string): Promise<void> {
  const dependents = [...remotes].filter(([, values]) => standsOn(values.get('remote') ?? '', name));
  if (dependents.length === 0) return;
  const names = dependents.map(([dependent]) => dependent).join(', ');
  await dialog.say(`Still referring to "${name}:", edit them too: ${names}`);
}

function standsOn(spec: string, name: string): boolean {
  try {
    return parseRemoteSpec(spec).name === name;
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return false;
  }
}
