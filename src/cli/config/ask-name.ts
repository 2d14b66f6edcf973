import type { Config } from '../../config/config.ts';
import { checkRemoteName } from '../../config/new-remote.ts';
import { isFailure } from '../../core/failure.ts';
import { visible } from '../log.ts';
import { choose } from './ask.ts';
import type { Dialog } from './dialog.ts';

/** Remotes of the file: those of the environment can neither be listed nor edited here. */
export function remotesIn(config: Config): readonly string[] {
  return config
    .sections()
    .filter((name) => config.section(name) !== undefined)
    .sort();
}

/** Asks for a name until it can be that of a new remote. */
export async function askNewName(dialog: Dialog, config: Config): Promise<string> {
  for (;;) {
    await dialog.say('Enter name for new remote.');
    const name = await dialog.line('name> ');
    const complaint = complaintAbout(name, config);
    if (complaint === null) return name;
    await dialog.say(complaint);
  }
}

export async function chooseRemote(dialog: Dialog, config: Config): Promise<string> {
  await dialog.say('Select remote.');
  const choices = remotesIn(config).map((value) => ({ value }));
  return choose(dialog, { name: 'remote', required: true }, choices, false);
}

function complaintAbout(name: string, config: Config): string | null {
  if (config.section(name)) return `Remote "${visible(name)}" already exists.`;
  if (name === '') return "Can't use empty name.";
  try {
    checkRemoteName(name);
    return null;
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return visible(error.message);
  }
}
