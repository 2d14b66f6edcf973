import { obscure } from '../../config/obscure.ts';
import { defineCommand } from '../command.ts';
import { firstInputLine } from '../standard-input.ts';

export const command = defineCommand({
  usage: 'password',
  summary: 'Obscure password for use in the rclone config file',
  help: `Prints a password in the form that rclone.conf uses. That only hides it from a glance: anyone with the config can reveal it,
so seal the config file itself. Give \`-\` to read the password from standard input, so that it does not end up in your
shell's history.

    echo "secret" | coffer obscure -`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, io }) {
    const password = args[0] === '-' ? await firstInputLine() : (args[0] ?? '');
    await io.stdout.write(`${obscure(password)}\n`);
  },
});
