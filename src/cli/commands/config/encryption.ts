import { defineGroup } from '../../command.ts';

export const command = defineGroup({
  summary: 'Set, remove and check the encryption for the config file',
  help: `Seals the config file with a password, removes that seal, or checks it. A sealed file shows nothing without the password:
give it with --password-command, in RCLONE_CONFIG_PASS, or when you are asked.`,
  subcommands: new Map([
    ['check', () => import('./encryption/check.ts')],
    ['remove', () => import('./encryption/remove.ts')],
    ['set', () => import('./encryption/set.ts')],
  ]),
});
