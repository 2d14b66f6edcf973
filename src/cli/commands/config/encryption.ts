import { defineGroup } from '../../command.ts';

export const command = defineGroup({
  summary: 'Set, remove and check the encryption for the config file',
  help: `Seals the config file with a password, opens it for good, or checks it. A sealed file shows nothing without the password:
give it by --password-command, by RCLONE_CONFIG_PASS, or when it is asked for.`,
  subcommands: new Map([
    ['check', () => import('./encryption/check.ts')],
    ['remove', () => import('./encryption/remove.ts')],
    ['set', () => import('./encryption/set.ts')],
  ]),
});
