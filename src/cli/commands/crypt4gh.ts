import { type Command, type CommandTable, defineCommand, defineGroup } from '../command.ts';
import { log } from '../crypt4gh/reference.ts';
import { toggle } from '../flags.ts';
import { versionText } from '../version.ts';

const subcommands: CommandTable = new Map([
  ['decrypt', () => import('./crypt4gh/decrypt.ts')],
  ['encrypt', () => import('./crypt4gh/encrypt.ts')],
  ['keygen', () => import('./crypt4gh/keygen.ts')],
  ['rearrange', () => import('./crypt4gh/rearrange.ts')],
  ['reencrypt', () => import('./crypt4gh/reencrypt.ts')],
]);

const group = defineGroup({
  summary: 'Crypt4GH in pipes, with the options of the crypt4gh tool',
  help: `Encrypts and decrypts from standard input to standard output, with the commands, options, environment variables and exit
codes of the reference tool \`crypt4gh\` 1.8.6. In a script, replace \`crypt4gh\` with \`coffer crypt4gh\`, and
\`crypt4gh-keygen\` with \`coffer crypt4gh keygen\`. The files and keys are the same.

Two things are better here: if a recipient's key file is missing, that is an error, where the reference tool warns and leaves
that recipient out; and a file that was cut before, by a range or an edit list, can be cut again.

To encrypt files and folders by name, with progress and without partial files, see \`coffer encrypt\`.

    coffer crypt4gh encrypt --recipient_pk csc.pub --recipient_pk ours.pub < reads.bam > reads.bam.c4gh
    coffer crypt4gh decrypt --sk ~/.c4gh/key < reads.bam.c4gh > reads.bam`,
  subcommands,
});

export const command: Command = defineCommand({
  ...group,
  flags: { log, version: toggle('Print the version number', 'v') },
  async run(context) {
    if (context.flags.version) await context.io.stdout.write(versionText());
    else await group.run(context);
  },
});
