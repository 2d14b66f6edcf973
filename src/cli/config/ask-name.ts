import { checkRemoteName } from '../../config/new-remote.ts';
import { isFailure } from '../../core/failure.ts';
import { choose } from './ask.ts';
import type { Dialog } from './dialog.ts';
import type { Remotes } from './file-remotes.ts';

/** Asks for a name until it can be that of a new remote. */
export async function askNewName(dialog: Dialog, remotes: Remotes): Promise<string> {
  for (;;) {
    await dialog.say('Enter name for new remote.');
    const name = await dialog.line('name> ');
    const complaint = complaintAbout(name, remotes);
    if (complaint === null) return name;
    await dialog.say(complaint);
  }
}

export async function chooseRemote(dialog: Dialog, remotes: Remotes): Promise<string> {
  await dialog.say('Select remote.');
  const choices = [...remotes.keys()].sort().map((value) => ({ value }));
  return choose(dialog, { name: 'remote', required: true }, choices, false);
}

function complaintAbout(name: string, remotes: Remotes): string | null {
  if (remotes.has(name)) return `Remote "${name}" already exists.`;
  if (name === '') return "Can't use empty name.";
  try {
    checkRemoteName(name);
    return null;
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return error.message;
  }
}
