import { obscure } from '../../../config/obscure.ts';
import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';
import { fileRemotes, specsOf } from '../../config/file-remotes.ts';
import { parsePairs } from '../../config/given-values.ts';
import { remoteText } from '../../config/shown-values.ts';

export const command = defineCommand({
  usage: 'name [key value]* [key=value]*',
  summary: 'Update password in an existing remote',
  help: `Obscures the given plain passwords, sets them in a remote, and prints the remote. Whoever can list processes sees a
password on a command line: \`coffer config\` asks for it without showing it.

    coffer config password allas-crypt password "correct horse" password2="battery staple"`,
  arguments: { min: 1, max: 256 },
  flags: {},
  async run(context) {
    const { args, io, configFile } = context;
    const [name = '', ...words] = args;
    const obscured = new Map([...parsePairs(words)].map(([key, password]) => [key, obscure(password)]));
    await configFile().update((draft) => {
      if (!draft.section(name)?.get('type'))
        throw new Failure('usage', `there is no remote "${name}" in the config file`);
      draft.set(name, obscured);
    });
    const values = (await fileRemotes(context)).get(name) ?? new Map<string, string>();
    await io.stdout.write(remoteText(name, values, (await specsOf(values)) ?? {}));
  },
});
