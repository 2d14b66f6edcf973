import type { Range } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Location } from '../../core/remote.ts';
import { counted } from '../../transfer/counted.ts';
import { createPool } from '../../transfer/pool.ts';
import { countError } from '../../transfer/session.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { type FlagValues, integerFlag, toggle } from '../flags.ts';
import { walkTarget } from '../listing.ts';
import { writeBytes } from '../write-bytes.ts';

const flags = {
  head: integerFlag('Only print the first N bytes', 0),
  tail: integerFlag('Only print the last N bytes', 0),
  offset: integerFlag('Start printing at offset N (or from end if negative)', 0),
  count: integerFlag('Only print N bytes', -1),
  discard: toggle('Discard the output instead of printing'),
};

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Concatenates any files and sends them to stdout',
  help: `Prints a file, or all files below a folder, one after the other (filters apply). --head, --tail, or --offset with --count
print a part of each file; only that part is downloaded. --discard reads and checks the files without printing them.

    coffer cat allas-crypt:job_6/hello.xrsl
    coffer cat --include '*.log' allas-crypt:job_6
    coffer cat --tail 1000 allas-crypt:job_6/run.log`,
  arguments: { min: 1, max: 1 },
  flags,
  async run(context) {
    const part = partOf(context.flags);
    // Files must not mix, but the listing may run ahead.
    const pool = createPool(1, 1000);
    await walkTarget(context, context.args[0] ?? '', async (page, at) => {
      for (const entry of page) if (entry.kind === 'file') await pool.add(() => print(context, at, entry, part));
    }).finally(() => pool.drain());
  },
});

/** A part of every file: a negative offset counts from the end, a negative count is no limit. */
interface Part {
  readonly offset: number;
  readonly count: number;
}

function partOf({ head, tail, offset, count }: FlagValues<typeof flags>): Part {
  const ways = [head > 0, tail > 0, offset !== 0 || count >= 0].filter(Boolean).length;
  if (ways > 1) throw new Failure('usage', 'use one of --head, --tail, or --offset with --count');
  if (head > 0) return { offset: 0, count: head };
  if (tail > 0) return { offset: -tail, count: -1 };
  return { offset, count };
}

function rangeOf({ offset, count }: Part, size: number): Range {
  const start = offset < 0 ? Math.max(0, offset + Math.max(0, size)) : offset;
  return count < 0 ? { start } : { start, end: start + count };
}

async function print(
  { session, io, flags: { discard } }: CommandContext<typeof flags>,
  at: Location,
  file: FileEntry,
  part: Part,
): Promise<void> {
  const range = rangeOf(part, file.size);
  const isNothing = range.end === range.start || (file.size >= 0 && range.start >= file.size);
  if (isNothing) return;
  try {
    const bytes = at.remote.read(joinPath(at.path, file.path), range, { signal: session.signal });
    const shown = counted(bytes, (length) => {
      session.progress.bytes += length;
    });
    await writeBytes(discard ? nowhere : io.stdout, shown);
    session.progress.transfers++;
  } catch (error) {
    countError(session, file.path, 'Failed to send to output', error);
  }
}

const nowhere = { async write() {} };
