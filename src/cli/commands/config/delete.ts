import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: 'name',
  summary: 'Delete an existing remote',
  help: `Removes a remote from the config file; its files stay where they are. First keep a copy of the passwords of a crypt remote:
without them its files are lost.

    coffer config delete allas-crypt`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, configFile, log }) {
    const name = (args[0] ?? '').replace(/:$/, '');
    const wasThere = await configFile().update((draft) => {
      const isThere = draft.section(name) !== undefined;
      if (isThere) draft.remove(name);
      return isThere;
    });
    // As with rclone, no error: the remote is not there, as was wanted.
    if (!wasThere) log.notice(name, 'there is no such remote in the config file');
  },
});
