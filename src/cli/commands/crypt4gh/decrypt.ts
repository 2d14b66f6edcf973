import { openStream } from '../../../formats/crypt4gh/stream.ts';
import { readPublicKeyFile } from '../../../remotes/crypt4gh/key-files.ts';
import { type Command, defineCommand } from '../../command.ts';
import { parseRange, range, rangeHelp } from '../../crypt4gh/range.ts';
import { exitCodeOf, inputName, log, openSecretKey, sk } from '../../crypt4gh/reference.ts';
import { optionalText } from '../../flags.ts';
import { anyInput } from '../../standard-input.ts';
import { writeBytes } from '../../write-bytes.ts';

const flags = {
  sk,
  sender_pk: optionalText('Open only what the holder of this public key wrote, or another recipient', {
    placeholder: 'path',
  }),
  range,
  log,
};

export const command: Command = defineCommand({
  usage: '',
  summary: 'Decrypt standard input with your secret key',
  help: `Decrypts what was encrypted for you. Changed bytes are never printed: the command ends with an error that names the chunk.
But what comes before that chunk has been printed by then, so check the exit code, or use \`coffer decrypt\`, which leaves
no partial files.

The format does not show that a file was cut between two chunks of 64 KiB, or that its chunks are in another order: see
\`coffer encrypt --manifest\`.

The passphrase of the key is asked for on the terminal, or taken from C4GH_PASSPHRASE. The exit code is 2 if it does not
open the key, and 1 after any other failure.

${rangeHelp}

    coffer crypt4gh decrypt --sk ~/.c4gh/key < reads.bam.c4gh > reads.bam
    coffer crypt4gh decrypt --sk my.key --range 0-1025 < reads.bam.c4gh | xxd`,
  arguments: { min: 0, max: 0 },
  flags,
  exitCodeOf,
  async run(context) {
    const { flags, io } = context;
    const wanted = parseRange(flags.range);
    const sender = flags.sender_pk ? (await readPublicKeyFile(flags.sender_pk, io.environment)).bytes : undefined;
    const reader = await openSecretKey(context);
    const options = { path: inputName, range: wanted, ...(sender && { sender }) };
    await writeBytes(io.stdout, openStream(anyInput(), reader, options));
  },
});
