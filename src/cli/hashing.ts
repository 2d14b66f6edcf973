import type { FileEntry } from '../core/entry.ts';
import type { HashType } from '../core/hash.ts';
import type { Location } from '../core/remote.ts';
import { digestOf, hasher } from '../transfer/digest.ts';
import type { OnOutcome } from '../transfer/findings.ts';
import { createPool } from '../transfer/pool.ts';
import { countError } from '../transfer/session.ts';
import { combinedLine } from './check-reports.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { optionalText, toggle } from './flags.ts';
import type { Output } from './io.ts';
import { pathOn, walkTarget } from './listing.ts';
import { openOutput } from './output-file.ts';
import { standardInput } from './standard-input.ts';
import { checkSumFile } from './sum-check.ts';

/** Flags that `hashsum`, `md5sum` and `sha1sum` share. */
export const hashFlags = {
  base64: toggle('Output base64 encoded hashsum'),
  checkfile: optionalText('Validate hashes against a given SUM file instead of printing them', {
    short: 'C',
    placeholder: 'file',
  }),
  download: toggle('Download the file and hash it locally, instead of asking the remote for its hash'),
  'output-file': optionalText('Output hashsums to a file rather than the terminal', { placeholder: 'file' }),
};

type Context = CommandContext<typeof hashFlags>;

/** `md5sum` or `sha1sum`. */
export function defineSumCommand(type: 'md5' | 'sha1') {
  const name = `${type}sum`;
  return defineCommand({
    usage: 'remote:path',
    summary: `Produces an ${name} file for all the objects in the path`,
    help: `Prints the ${type.toUpperCase()} of every file below a path, as ${name} does: the same as \`hashsum ${type}\`, whose help explains the flags.
Without a path, or with -, it hashes standard input.

    coffer ${name} allas:2001659-crypt               # asks the store for its hashes
    coffer ${name} --download allas-crypt:job_6      # reads the files
    coffer ${name} --checkfile job_6.${type} job_6`,
    arguments: { min: 0, max: 1 },
    flags: hashFlags,
    run: (context) => hashTarget(context, type, context.args[0]),
  });
}

/** Prints or checks the hashes of `spec`; without one, or with `-`, of standard input. */
export async function hashTarget(context: Context, type: HashType, spec: string | undefined): Promise<void> {
  const { flags, io } = context;
  if (flags.checkfile !== undefined && spec !== undefined) {
    const onOutcome: OnOutcome = (outcome, path) => io.stdout.write(combinedLine(outcome, pathOn(io.stdout, path)));
    const { checkfile: sumFile, download } = flags;
    return checkSumFile(context, { type, spec, sumFile, oneWay: false, download, onOutcome });
  }
  await using output = await openOutput(io, flags['output-file'] ?? '-');
  if (spec === undefined || spec === '-') {
    await output.write(sumLine(await digestOf(standardInput(), type), type, flags.base64, '-'));
  } else await listSums(context, type, spec, output);
}

async function listSums(context: Context, type: HashType, spec: string, output: Output): Promise<void> {
  const { session, flags } = context;
  const pool = createPool(session.options.transfers);
  const printSum = async (at: Location, file: FileEntry): Promise<void> => {
    session.progress.totalChecks++;
    try {
      const sum = await hasher(session, at, type, flags.download)(file);
      await output.write(sumLine(sum ?? '', type, flags.base64, pathOn(output, file.path)));
    } catch (error) {
      countError(session, file.path, 'Failed to hash', error);
    } finally {
      session.progress.checks++;
    }
  };
  await walkTarget(context, spec, async (page, at) => {
    for (const entry of page) if (entry.kind === 'file') await pool.add(() => printSum(at, entry));
  }).finally(() => pool.drain());
}

/** As md5sum prints it, rclone's width where the hash is unknown. */
function sumLine(hex: string, type: HashType, base64: boolean, path: string): string {
  const width = { md5: 16, sha1: 20, sha256: 32, sha512: 64 }[type];
  if (!base64) return `${hex.padStart(width * 2)}  ${path}\n`;
  const text = Buffer.from(hex, 'hex').toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return `${text.padStart(Math.ceil(width / 3) * 4)}  ${path}\n`;
}
