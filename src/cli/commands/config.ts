import { type Command, type CommandTable, defineCommand } from '../command.ts';

const subcommands: CommandTable = new Map([
  ['create', () => import('./config/create.ts')],
  ['delete', () => import('./config/delete.ts')],
  ['disconnect', () => import('./config/disconnect.ts')],
  ['dump', () => import('./config/dump.ts')],
  ['edit', async () => ({ command })],
  ['encryption', () => import('./config/encryption.ts')],
  ['file', () => import('./config/file.ts')],
  ['password', () => import('./config/password.ts')],
  ['paths', () => import('./config/paths.ts')],
  ['providers', () => import('./config/providers.ts')],
  ['reconnect', () => import('./config/reconnect.ts')],
  ['redacted', () => import('./config/redacted.ts')],
  ['show', () => import('./config/show.ts')],
  ['touch', () => import('./config/touch.ts')],
  ['update', () => import('./config/update.ts')],
  ['userinfo', () => import('./config/userinfo.ts')],
]);

export const command: Command = defineCommand({
  usage: '',
  summary: 'Enter an interactive configuration session',
  help: `Shows the remotes in rclone.conf and lets you make, edit, rename, copy and delete them by answering questions, and set
the password of the file. A new remote is tried out before you leave. The questions are rclone's, so scripts can answer them
through a pipe.

    coffer config
    coffer config create allas swift env_auth=true`,
  arguments: { min: 0, max: 0 },
  flags: {},
  subcommands,
  async run(context) {
    const { runMenu } = await import('../config/menu.ts');
    await runMenu(context);
  },
});
