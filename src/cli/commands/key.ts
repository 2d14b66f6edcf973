import { type CommandTable, defineGroup } from '../command.ts';

const subcommands: CommandTable = new Map([
  ['new', () => import('./key/new.ts')],
  ['show', () => import('./key/show.ts')],
]);

export const command = defineGroup({
  summary: 'Make and show keys (Crypt4GH)',
  help: `A key pair is what others share data with you by: they seal it to your public key, and only your secret key opens it.
Keys are Crypt4GH's, so crypt4gh and other tools of the standard take them too; ed25519 keys of OpenSSH serve as well.

    coffer key new
    coffer key show`,
  subcommands,
});
