import { runPasswordCommand } from '../../../../config/password-command.ts';
import { Failure } from '../../../../core/failure.ts';
import { defineCommand } from '../../../command.ts';
import { newPassword } from '../../../config/ask.ts';
import { openDialog } from '../../../config/dialog.ts';
import { textFlag } from '../../../flags.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Set or change the config file encryption password',
  help: `Seals the config file with a new password, which is asked for twice. If the file is already sealed, its present password is
asked for first.

--kdf selects how the key is derived from the password. A file sealed with \`rclone\` opens in rclone too, but its key is a
single SHA-256 of the password: whoever steals the file can try billions of passwords a second, so choose one that no
program guesses. \`scrypt\` makes each guess cost 64 MiB of memory and a fifth of a second; only coffer opens such a file, and
rclone says that it does not support it. Without --kdf a sealed file keeps its form, and a plain one gets rclone's.

If there is a --password-command, it is called twice: for the old password, and with RCLONE_PASSWORD_CHANGE=1 in its
environment for the new one.

    coffer config encryption set
    coffer config encryption set --kdf scrypt`,
  arguments: { min: 0, max: 0 },
  flags: { kdf: textFlag('How the key is derived from the password: rclone or scrypt') },
  async run({ configFile, flags, io, session }) {
    const kdf = parseKdf(flags.kdf);
    const file = configFile();
    await file.read();
    const command = flags['password-command'];
    const password = command
      ? await runPasswordCommand(command, { RCLONE_PASSWORD_CHANGE: '1' })
      : await newPassword(openDialog(io, session.signal), 'NEW configuration');
    await file.seal({ password, kdf: kdf ?? (await file.kdf()) ?? 'rclone' });
  },
});

function parseKdf(text: string): 'rclone' | 'scrypt' | null {
  if (text === '') return null;
  if (text === 'rclone' || text === 'scrypt') return text;
  throw new Failure('usage', `unknown --kdf "${text}": give rclone or scrypt`);
}
