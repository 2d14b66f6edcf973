import { reveal } from '../../config/obscure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { defineCommand } from '../command.ts';
import { firstInputLine } from '../standard-input.ts';

export const command = defineCommand({
  usage: 'password',
  summary: 'Reveal obscured password from rclone.conf',
  help: `Prints the password that is obscured in rclone.conf. Give \`-\` to read the obscured form from standard input.

    coffer reveal UgmByNqlnb8vCZrFgpaBtUaQrgJkx30`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, io }) {
    const obscured = args[0] === '-' ? await firstInputLine() : (args[0] ?? '');
    await io.stdout.write(nameToBytes(`${reveal(obscured)}\n`));
  },
});
