import type { Backend } from '../../core/backend.ts';
import { messageOf } from '../../core/failure.ts';
import { loadBackend } from '../../remotes/table.ts';
import { choose } from './ask.ts';
import { askNewName } from './ask-name.ts';
import { fileRemotes } from './file-remotes.ts';
import { settleRemote } from './settle-remote.ts';
import { storageTypes } from './storage-types.ts';
import type { Wizard } from './wizard.ts';

/** `n) New remote`. */
export async function makeRemote(wizard: Wizard): Promise<void> {
  const name = await askNewName(wizard.dialog, await fileRemotes(wizard.context));
  const backend = await askType(wizard);
  await settleRemote(wizard, { name, backend, saved: null });
}

async function askType({ dialog }: Wizard): Promise<Backend> {
  const types = await storageTypes();
  for (;;) {
    await dialog.say(
      '\nOption Storage.\nType of storage to configure. The numbers are those of rclone in 2020, so some are missing.',
    );
    const type = await choose(dialog, { name: 'Storage', required: true }, types, true);
    try {
      return await loadBackend(type);
    } catch (error) {
      await dialog.say(`Bad remote "${type}": ${messageOf(error)}`);
    }
  }
}
