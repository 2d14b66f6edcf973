import { Failure } from '../../../core/failure.ts';
import { splitHeader } from '../../../formats/crypt4gh/header-stream.ts';
import { keepChunks, rearrange } from '../../../formats/crypt4gh/rewrite.ts';
import { type Command, defineCommand } from '../../command.ts';
import { parseRange, range, rangeHelp } from '../../crypt4gh/range.ts';
import { exitCodeOf, inputName, log, openSecretKey, sk } from '../../crypt4gh/reference.ts';
import { anyInput } from '../../standard-input.ts';
import { writeBytes } from '../../write-bytes.ts';

const flags = { sk, range, log };

export const command: Command = defineCommand({
  usage: '--range start-end',
  summary: 'Keep a range of a file, without decrypting its data',
  help: `Writes a file that opens, with your key, to the given range of the old one: chunks of 64 KiB outside the range are left out,
and an edit list in the header says which bytes of the others count. The data is not encrypted again. To pass the file on,
use \`reencrypt\` after it. Whoever gets the file can also read the other bytes of the first and the last chunk.

${rangeHelp}

    coffer crypt4gh rearrange --range 65536-131073 < a.c4gh | coffer crypt4gh reencrypt --recipient_pk siteB.pub > b.c4gh`,
  arguments: { min: 0, max: 0 },
  flags,
  exitCodeOf,
  async run(context) {
    const { flags, io } = context;
    if (flags.range === '') throw new Failure('usage', 'say which bytes to keep: --range start-end');
    const wanted = parseRange(flags.range);
    const owner = await openSecretKey(context);
    const { header, body, close } = await splitHeader(anyInput(), inputName);
    try {
      const rewriting = { owner, recipients: [owner.public], path: inputName };
      const { header: newHeader, chunks } = rearrange(header.packets, wanted, rewriting);
      await io.stdout.write(newHeader);
      await writeBytes(io.stdout, keepChunks(body, chunks));
    } finally {
      await close();
    }
  },
});
