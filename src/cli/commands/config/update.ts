import { checkRemoteName } from '../../../config/new-remote.ts';
import { loadBackend } from '../../../remotes/table.ts';
import { defineCommand } from '../../command.ts';
import { configure } from '../../config/configure.ts';
import { configureFlags } from '../../config/configure-flags.ts';
import { demandRemote, fileRemotes } from '../../config/file-remotes.ts';
import { parsePairs } from '../../config/given-values.ts';
import { saveChanges } from '../../config/save-changes.ts';

export const command = defineCommand({
  usage: 'name [key value]* [key=value]*',
  summary: 'Update options in an existing remote',
  help: `Sets options of a remote and prints the result. All other options, and every other line of the file, stay as they are.
Passwords and flags work as in "coffer config create".

    coffer config update allas region=regionOne
    coffer config update allas-crypt strict_names true`,
  arguments: { min: 1, max: 256 },
  flags: configureFlags,
  async run(context) {
    const [name = '', ...words] = context.args;
    const given = parsePairs(words);
    checkRemoteName(name);
    const file = context.configFile();
    const saved = demandRemote(await fileRemotes(context), name);
    const backend = await loadBackend(saved.get('type') ?? '');
    await configure(context, { name, backend, values: saved, given }, (complete) =>
      saveChanges(file, name, saved, complete),
    );
  },
});
