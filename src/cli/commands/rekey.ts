import { randomBytes } from 'node:crypto';
import { runPasswordCommand } from '../../config/password-command.ts';
import { Failure } from '../../core/failure.ts';
import { pause } from '../../core/pause.ts';
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
  generate: toggle('Generate the new passwords instead of asking for one'),
  'new-password-command': optionalText('Command that prints the new password', { placeholder: 'SpaceSepList' }),
  remove: listFlag(
    'Remove somebody from the share that is published there, by label or fingerprint (repeat for more)',
    'name',
  ),
  ...keyFlags,
  verify: toggle('Read each new file back before the old one is removed, even if the store has checked it'),
};

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Give an encrypted remote new passwords',
  help: `Encrypts everything in a crypt remote again, with new passwords: after that, the passwords of a colleague who has left, or of
a stolen laptop, open nothing there. Each file is read, decrypted and encrypted in memory, written and checked; only then is
its old form removed. Nothing is stored unencrypted, and only the files being worked on need extra room.

It asks twice for the new password, or takes it from --generate or --new-password-command; the second password is generated.
Before the first file is touched, both pairs are in the config: "password" is the new one, "previous_password" the old
one, and every coffer command can read files with either. So you can interrupt it at any time; the same command carries on.
When no file has the old passwords any more, they are removed from the config. From then on rclone can read everything
again.

If you have published a share in the remote, it gets the new passwords at the end, for everybody who can open it except
those named with --remove; your key is opened before the work begins. The other sites then join once more. Shares that you
have mailed you must renew yourself: see \`coffer share\`. Until a site has the new passwords, it can use only the files that
still have the old ones, and coffer tells it why. Keep a copy of the new passwords, as they are in the config, in another
place: without them the data is lost.

Files that do not decrypt are named and stay as they are, and the old passwords then stay in the config.

    coffer rekey -n allas-crypt:                    # how much would be encrypted again
    coffer rekey -P --transfers 8 allas-crypt:
    coffer rekey --generate --remove oulu allas-crypt:`,
  arguments: { min: 1, max: 1 },
  flags,
  isRetried: true,
  showsStats: true,
  needsOwnTimes: true,
  async run(context) {
    const { session, args, io } = context;
    const [spec = ''] = args;
    if (!session.filter.isInactive || session.options.maxDepth >= 0) {
      throw new Failure('usage', 'rekey takes all files: leave the filters and --max-depth out');
    }
    const at = { ...context, environment: io.environment };
    const candidate = await openCandidate(at, spec);
    if (session.options.dryRun) return previewRekey(session, candidate);
    const published = await openPublishedShare(context, spec, candidate, context.flags.remove);
    if (published.kind === 'not-ours')
      context.log.notice(candidate.name, `its share will stay as it is: ${published.why}`);
    await prepare(context, at, candidate);
    const isDone = await carryOut(at, spec, {
      verifies: context.flags.verify,
      now: io.date(),
      wait: (milliseconds) => pause(milliseconds, session.signal),
      conclude: () => conclude(context, candidate, published),
    });
    if (!isDone) tellRest(context, candidate);
  },
});

type Context = CommandContext<typeof flags>;

/** Leaves the config with both pairs of passwords. */
async function prepare(context: Context, at: Surroundings, candidate: Candidate): Promise<void> {
  const { standing, name, label } = candidate;
  const { generate, 'new-password-command': command, remove } = context.flags;
  const isGiven = generate || command !== undefined;
  if (standing.kind === 'none') {
    await requireReadable(candidate.remote, { signal: context.session.signal });
    await begin(at, candidate, await newPasswords(context));
    return;
  }
  // The store may have put back the marker of a rekey that has ended: those who are to lose their access know its passwords.
  if (standing.kind === 'joined' && (isGiven || remove.length > 0)) {
    throw new Failure(
      'usage',
      `${label} is being given the passwords that your config has already, it says: let \`coffer rekey ${label}\` finish that, and run this again for others`,
    );
  }
  context.log.notice(
    name,
    `carries on${isGiven ? ' with the new passwords that are in the config' : ' where it was stopped'}`,
  );
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

function tellRest({ log, session }: Context, { name }: Candidate): void {
  const why =
    session.progress.errors > 0 ? 'what failed still has' : 'not everything has the new passwords: the rest has';
  log.notice(name, `${why} the previous passwords, which stay in the config: run it again`);
}

async function conclude(context: Context, { name, label }: Candidate, published: PublishedShare): Promise<void> {
  const { log, configFile } = context;
  log.notice(
    name,
    `everything has the new passwords: keep a copy of ${configFile().path}, without which the data is lost`,
  );
  if (published.kind === 'ours') await renewPublishedShare(context, name, published);
  else log.notice(name, adviceOn(published, label));
}

function adviceOn(published: PublishedShare, label: string): string {
  return published.kind === 'not-ours'
    ? `the share that is published in it still has the old passwords: its maker must run coffer share renew ${label}`
    : `those who share it need them: coffer share ${label} --to THEIR-KEY.pub`;
}
