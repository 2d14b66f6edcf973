import { inNanoseconds } from '../../core/date.ts';
import { Failure } from '../../core/failure.ts';
import { uploadStream } from '../../transfer/upload.ts';
import { defineCommand } from '../command.ts';
import { integerFlag } from '../flags.ts';
import { openFilePath } from '../source.ts';
import { standardInput } from '../standard-input.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Copies standard input to file on remote',
  help: `Stores what it reads from standard input as one file. The file appears when the input has ended, as a whole.

    tar -c job_6 | coffer rcat allas-crypt:job_6.tar`,
  arguments: { min: 1, max: 1 },
  flags: { size: integerFlag('File size: an input of another length is refused', -1) },
  async run(context) {
    const [spec = ''] = context.args;
    const { session, flags, io } = context;
    const { parent, name } = await openFilePath(context, spec);
    const modified = inNanoseconds(io.date());
    await uploadStream(session, parent, name, ofSize(standardInput(), flags.size, spec), modified);
  },
});

async function* ofSize(bytes: AsyncIterable<Uint8Array>, size: number, spec: string): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    yield piece;
  }
  if (size >= 0 && length !== size) {
    throw new Failure('usage', `${spec}: the input has ${length} bytes, not the ${size} of --size`, { path: spec });
  }
}
