import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { shownPath } from '../listing.ts';
import { requireCrypt } from '../sealed-names.ts';

export const command = defineCommand({
  usage: 'encryptedremote: encryptedfilename',
  summary: 'Returns unencrypted file names',
  help: `Decrypts up to ten file names without asking the store; with --reverse it encrypts them. Each line holds the name as given,
a tab and the result.

    coffer cryptdecode allas-crypt: 2nqc0h1s0uqspb4a8ci6u8i2d4
    coffer cryptdecode --reverse allas-crypt: job_6/hello.xrsl`,
  arguments: { min: 2, max: 11 },
  flags: { reverse: toggle('Reverse cryptdecode, encrypts filenames') },
  async run(context) {
    const [spec = '', ...names] = context.args;
    const crypt = requireCrypt(await context.location(spec));
    for (const name of names) {
      const answer = context.flags.reverse ? crypt.sealName(name) : (crypt.openName(name) ?? 'Failed to decrypt');
      await context.io.stdout.write(`${shownPath(context, name)} \t ${shownPath(context, answer)}\n`);
    }
  },
});
