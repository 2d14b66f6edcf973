import { checkRemoteName } from '../../../config/new-remote.ts';
import { loadBackend } from '../../../remotes/table.ts';
import { defineCommand } from '../../command.ts';
import type { Values } from '../../config/asked-options.ts';
import { configure } from '../../config/configure.ts';
import { configureFlags } from '../../config/configure-flags.ts';
import { fileRemotes } from '../../config/file-remotes.ts';
import { parsePairs } from '../../config/given-values.ts';

export const command = defineCommand({
  usage: 'name type [key value]* [key=value]*',
  summary: 'Create a new remote with name, type and options',
  help: `Makes a remote, replacing one of the same name, and prints its options. It asks nothing: options that you do not give keep
their defaults. With --all it asks for them.

Passwords are obscured unless they look obscured already (22 characters or more of base64). --obscure says that they are
plain, --no-obscure that they are obscured. Whoever can list processes sees a password on a command line: better leave it
out and let \`coffer config\` ask for it, or set password_command on a crypt remote.

With --non-interactive, the next question, if there is one, is printed as JSON; give its answer with --continue, --state
and --result. There are questions only with --all.

    coffer config create allas swift env_auth=true
    coffer config create allas-crypt crypt remote=allas:2001659-crypt --all`,
  arguments: { min: 2, max: 256 },
  flags: configureFlags,
  async run(context) {
    const [name = '', type = '', ...words] = context.args;
    const given = parsePairs(words);
    checkRemoteName(name);
    const backend = await loadBackend(type);
    const file = context.configFile();
    const saved = (await fileRemotes(context)).get(name);
    const values: Values = (context.flags.continue && saved) || new Map([['type', type]]);
    await configure(context, { name, backend, values, given }, (complete) =>
      file.update((draft) => {
        const gone = [...(draft.section(name)?.keys() ?? [])].filter((option) => !complete.has(option));
        if (gone.length > 0) draft.unset(name, gone);
        draft.set(name, complete);
      }),
    );
  },
});
