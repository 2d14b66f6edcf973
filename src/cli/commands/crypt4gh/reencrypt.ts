import { splitHeader } from '../../../formats/crypt4gh/header-stream.ts';
import { reencrypt } from '../../../formats/crypt4gh/rewrite.ts';
import { type Command, defineCommand } from '../../command.ts';
import { exitCodeOf, inputName, log, openSecretKey, recipientKeys, recipientPk, sk } from '../../crypt4gh/reference.ts';
import { toggle } from '../../flags.ts';
import { anyInput } from '../../standard-input.ts';
import { writeBytes } from '../../write-bytes.ts';

const flags = {
  sk,
  recipient_pk: recipientPk,
  trim: toggle('Keep only header packets that you can decrypt', 't'),
  'header-only': toggle('The input is a header alone, and so is the output'),
  log,
};

export const command: Command = defineCommand({
  usage: '--recipient_pk path',
  summary: 'Let other recipients open a file',
  help: `Writes the file again with a header for the given recipients; the data after the header stays as it is, and is not
decrypted. What you can open is sealed to them instead of you: give your own public key too if you want to open it later.
Header packets for others are kept, unless you use --trim.

Somebody who could open the old file may have kept its data key, which opens the data of the new one too.

    coffer crypt4gh reencrypt --recipient_pk siteB.pub --recipient_pk mine.pub < a.c4gh > b.c4gh
    coffer crypt4gh reencrypt --recipient_pk siteB.pub --header-only < a.header > b.header`,
  arguments: { min: 0, max: 0 },
  flags,
  exitCodeOf,
  async run(context) {
    const { flags, io } = context;
    const recipients = await recipientKeys(context, flags.recipient_pk);
    const owner = await openSecretKey(context);
    const { header, body, close } = await splitHeader(anyInput(), inputName);
    try {
      await io.stdout.write(reencrypt(header.packets, { owner, recipients, path: inputName }, flags.trim));
      if (!flags['header-only']) await writeBytes(io.stdout, body);
    } finally {
      await close();
    }
  },
});
