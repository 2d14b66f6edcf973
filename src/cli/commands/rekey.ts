import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runPasswordCommand } from '../../config/password-command.ts';
import { Failure } from '../../core/failure.ts';
import type { CryptPasswords } from '../../remotes/crypt/passwords.ts';
import { begin, type Candidate, fetchPrevious, openCandidate, type Surroundings } from '../../sharing/rekey/begin.ts';
import { carryOut } from '../../sharing/rekey/carry-out.ts';
import { previewRekey } from '../../sharing/rekey/preview.ts';
import { requireReadable } from '../../sharing/rekey/readable.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { newPassword } from '../config/ask.ts';
import { openDialog } from '../config/dialog.ts';
import { listFlag, optionalText, toggle } from '../flags.ts';
import { keyFlags } from '../keys.ts';
import { openPublishedShare, type PublishedShare, renewPublishedShare } from '../sharing/published-share.ts';

const flags = {
  generate: toggle('Make the new passwords up instead of asking for one'),
  'new-password-command': optionalText('Command that prints the new password', { placeholder: 'SpaceSepList' }),
  remove: listFlag(
    'Who is to leave the share that is published there, by label or fingerprint (repeat for more)',
    'name',
  ),
  ...keyFlags,
  verify: toggle('Read each new file back before the old one goes, also where the store has checked it'),
};

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Give an encrypted remote new passwords',
  help: `Encrypts everything in a crypt remote anew, with new passwords: a colleague who has left, or a stolen laptop, then
has a key to nothing that is there from now on. Each file is read, decrypted and encrypted in memory, written, checked,
and only then its old form is removed; nothing is stored in the clear, and there is no need for room for more than the
files under way.

It asks twice for the new password, or takes it from --generate or --new-password-command; the second password is made
up. Before the first file is touched both pairs stand in the config: "password" is the new one, "previous_password" the
old one, and every coffer command reads the files of both. So it may be interrupted at any time: the same command goes on.
When nothing is left under the old passwords they are taken out of the config. rclone reads everything again from then on.

A share that you have published in the remote gets the new passwords at the end, for those who can open it but the
ones that --remove names; your key is opened before the work begins. The others then join once more. Shares that you
have mailed are yours to renew: see \`coffer share\`. Until a site has the new passwords it goes on with the files
that still have the old ones, and coffer tells it what happens. Keep a copy of the new passwords, as the config
has them, in another place: without them the data is lost.

Files that do not decrypt stay as they are, are named and keep the old passwords in the config.

    coffer rekey -n allas-crypt:                    # how much would be encrypted anew
    coffer rekey -P --transfers 8 allas-crypt:
    coffer rekey --generate --remove oulu allas-crypt:`,
  arguments: { min: 1, max: 1 },
  flags,
  transfers: true,
  async run(context) {
    const { session, args, io } = context;
    const [spec = ''] = args;
    if (!session.filter.isInactive || session.options.maxDepth >= 0) {
      throw new Failure('usage', 'rekey takes all files: leave the filters and --max-depth out');
    }
    const at = { ...context, environment: io.environment };
    const candidate = await openCandidate(at, spec);
    if (session.options.dryRun) return previewRekey(session, candidate);
    const published = await openPublishedShare(context, spec, candidate.remote, context.flags.remove);
    if (published.kind === 'not-ours')
      context.log.notice(candidate.name, `its share will stay as it is: ${published.why}`);
    await prepare(context, at, candidate);
    const isDone = await carryOut(at, spec, {
      verifies: context.flags.verify,
      now: io.date(),
      wait: async (milliseconds) => sleep(milliseconds, undefined, { signal: session.signal }),
    });
    await conclude(context, candidate, published, isDone);
  },
});

type Context = CommandContext<typeof flags>;

/** Leaves the config with both pairs of passwords. */
async function prepare(context: Context, at: Surroundings, candidate: Candidate): Promise<void> {
  const { standing, name } = candidate;
  if (standing.kind === 'none') {
    await requireReadable(candidate.remote, { signal: context.session.signal });
    await begin(at, candidate, await newPasswords(context));
    return;
  }
  const isGiven = context.flags.generate || context.flags['new-password-command'] !== undefined;
  context.log.notice(name, `goes on${isGiven ? ' with the new passwords that are in the config' : ''}`);
  if (standing.kind === 'joined') await fetchPrevious(at, candidate, standing.previous);
}

const generatedBytes = 32;

function madeUp(): string {
  return randomBytes(generatedBytes).toString('base64url');
}

async function newPasswords({ flags, io, session }: Context): Promise<CryptPasswords> {
  const { generate, 'new-password-command': command } = flags;
  if (generate && command !== undefined)
    throw new Failure('usage', 'use --generate or --new-password-command, not both');
  const password2 = madeUp();
  if (generate) return { password: madeUp(), password2 };
  if (command !== undefined) return { password: await runPasswordCommand(command), password2 };
  return { password: await newPassword(openDialog(io, session.signal), 'the new'), password2 };
}

async function conclude(
  context: Context,
  { name, label }: Candidate,
  published: PublishedShare,
  isDone: boolean,
): Promise<void> {
  const { log, session, configFile, flags } = context;
  if (!isDone) {
    const why =
      session.progress.errors > 0 ? 'what failed still has' : 'not everything has the new passwords: the rest has';
    log.notice(name, `${why} the previous passwords, which stay in the config: run it again`);
    return;
  }
  log.notice(
    name,
    `everything has the new passwords: keep a copy of ${configFile().path}, without which the data is lost`,
  );
  if (published.kind === 'ours') await renewPublishedShare(context, label, published.key, flags.remove);
  else log.notice(name, adviceOn(published, label));
}

function adviceOn(published: PublishedShare, label: string): string {
  return published.kind === 'not-ours'
    ? `the share that is published in it has the old passwords still: its maker must run coffer share renew ${label}`
    : `those who share it need them: coffer share ${label} --to THEIR-KEY.pub`;
}
