import { type CommandTable, defineGroup } from '../command.ts';

const subcommands: CommandTable = new Map([
  ['new', () => import('./key/new.ts')],
  ['show', () => import('./key/show.ts')],
]);

export const command = defineGroup({
  summary: 'Make and show keys (Crypt4GH)',
  help: `With a key pair, others can share data with you: they encrypt it to your public key, and only your secret key opens it.
The keys are Crypt4GH's, so crypt4gh and other tools of that standard take them too; ed25519 keys of OpenSSH work as well.

    coffer key new
    coffer key show`,
  subcommands,
});
