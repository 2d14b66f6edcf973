import type { OnOutcome, Outcome } from '../transfer/findings.ts';
import { type FlagSpec, type FlagValues, textFlag, toggle } from './flags.ts';
import type { Io, Output } from './io.ts';
import { pathOn } from './listing.ts';
import { openOutput } from './output-file.ts';

/** Flags that `check`, `checksum` and `cryptcheck` share. */
export const reportFlags = {
  'one-way': toggle('Check one way only, source files must exist on remote'),
  combined: fileFlag('Make a combined report of changes to this file'),
  'missing-on-src': fileFlag('Report all files missing from the source to this file'),
  'missing-on-dst': fileFlag('Report all files missing from the destination to this file'),
  match: fileFlag('Report all matching files to this file'),
  differ: fileFlag('Report all non-matching files to this file'),
  error: fileFlag('Report all files with errors (hashing or reading) to this file'),
};

/** What the help of those commands says of them. */
export const reportHelp = `With --one-way, files that only the destination has do not count as a difference.

--match, --differ, --missing-on-src, --missing-on-dst and --error each write the paths of that kind to a file, one per line;
- stands for standard output. --combined writes all paths, with a sign before each:

    = path    found on both sides and identical
    * path    found on both sides but different
    + path    missing on the destination
    - path    missing on the source
    ! path    could not be read or hashed`;

const signs: Readonly<Record<Outcome, string>> = {
  match: '=',
  differ: '*',
  'missing-on-dst': '+',
  'missing-on-src': '-',
  error: '!',
};
const outcomes = Object.keys(signs) as Outcome[];

/** Where the paths of each outcome go. */
export interface Reports extends AsyncDisposable {
  readonly onOutcome: OnOutcome;
}

/** Opens the reports that the flags name. Throws Failure('usage') for a file that cannot be written. */
export async function openReports(io: Io, flags: FlagValues<typeof reportFlags>): Promise<Reports> {
  const opened: AsyncDisposable[] = [];
  const openOne = async (path: string): Promise<Output | null> => {
    if (path === '') return null;
    const output = await openOutput(io, path);
    opened.push(output);
    return output;
  };
  const combined = await openOne(flags.combined);
  const single = new Map<Outcome, Output | null>();
  for (const outcome of outcomes) single.set(outcome, await openOne(flags[outcome]));
  return {
    async onOutcome(outcome, path) {
      const report = single.get(outcome);
      if (report) await report.write(`${pathOn(report, path)}\n`);
      if (combined) await combined.write(combinedLine(outcome, pathOn(combined, path)));
    },
    async [Symbol.asyncDispose]() {
      for (const output of opened) await output[Symbol.asyncDispose]();
    },
  };
}

/** `* a/two.txt` */
export function combinedLine(outcome: Outcome, path: string): string {
  return `${signs[outcome]} ${path}\n`;
}

function fileFlag(help: string): FlagSpec<string> {
  return textFlag(help, { placeholder: 'file' });
}
