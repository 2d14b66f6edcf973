import { sealBody } from '../../../formats/crypt4gh/body.ts';
import { keepSpans } from '../../../formats/crypt4gh/edits.ts';
import { newSealedFile } from '../../../formats/crypt4gh/stream.ts';
import { type Command, defineCommand } from '../../command.ts';
import { parseRange, range, rangeHelp } from '../../crypt4gh/range.ts';
import { exitCodeOf, log, openSecretKey, recipientKeys, recipientPk, sk } from '../../crypt4gh/reference.ts';
import { textFlag } from '../../flags.ts';
import { openOutput } from '../../output-file.ts';
import { anyInput } from '../../standard-input.ts';
import { writeBytes } from '../../write-bytes.ts';

const flags = {
  sk: { ...sk, help: 'Your secret key file (default $C4GH_SECRET_KEY, else a key made for this once)' },
  recipient_pk: recipientPk,
  range,
  header: textFlag('Write the header to this file, and only the rest to standard output', { placeholder: 'path' }),
  log,
};

export const command: Command = defineCommand({
  usage: '--recipient_pk path',
  summary: 'Encrypt standard input for recipients',
  help: `Encrypts standard input so that each of the recipients, and nobody else, can open it with their own secret key.

A recipient's key is a Crypt4GH key or a line ssh-ed25519 of OpenSSH. With --sk, or C4GH_SECRET_KEY in the environment,
the file names your key as its writer; otherwise a new key is made for it and forgotten. You can open the file yourself only
if your own public key is among the recipients.

${rangeHelp}

    coffer crypt4gh encrypt --recipient_pk csc.pub --recipient_pk ours.pub < reads.bam > reads.bam.c4gh
    coffer crypt4gh encrypt --sk my.key --recipient_pk csc.pub --header h.c4gh < reads.bam > body.c4gh`,
  arguments: { min: 0, max: 0 },
  flags,
  exitCodeOf,
  async run(context) {
    const { flags, io } = context;
    const { start, end = Number.POSITIVE_INFINITY } = parseRange(flags.range);
    const recipients = await recipientKeys(context, flags.recipient_pk);
    const isNamed = flags.sk || io.environment.C4GH_SECRET_KEY;
    const { header, cipher } = newSealedFile(recipients, isNamed ? await openSecretKey(context) : undefined);
    await using headerOutput = await openOutput(io, flags.header || '-');
    await headerOutput.write(header);
    const plain =
      start === 0 && end === Number.POSITIVE_INFINITY ? anyInput() : keepSpans(anyInput(), [{ start, end }]);
    await writeBytes(io.stdout, sealBody(cipher, plain));
  },
});
