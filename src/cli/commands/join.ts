import { Failure, isFailure, messageOf } from '../../core/failure.ts';
import { applyPlan, type JoinPlan, type JoinRequest, planJoin } from '../../sharing/join-plan.ts';
import { openShare } from '../../sharing/share.ts';
import { checkLayers } from '../../sharing/trusted-layers.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { confirm } from '../config/ask.ts';
import { openDialog } from '../config/dialog.ts';
import { tryBeforeSaving } from '../config/try-remote.ts';
import { optionalText, toggle } from '../flags.ts';
import { keyFlags, openOwnKey } from '../keys.ts';
import { findShare, lastingSpec } from '../sharing/found-share.ts';
import { planText } from '../sharing/plan-text.ts';

const flags = {
  as: optionalText('Name of the remote here (default: the name that its maker uses)', { placeholder: 'name' }),
  base: optionalText('What it uses here: your remote of the store (allas:), a bucket or a folder', {
    placeholder: 'remote:path',
  }),
  yes: toggle('Do not ask', 'y'),
  force: toggle('Replace remotes of the same name'),
  'accept-maker': optionalText('Fingerprint of the signing key, as you compared it with the maker', {
    placeholder: 'SHA256:…',
  }),
  'accept-older': toggle('Accept a share that is older than the one joined before'),
  ...keyFlags,
};

export const command = defineCommand({
  usage: 'share',
  summary: 'Use a remote that another site shares',
  help: `Opens a share with your own key, shows who made it and what it will add to your config, writes that if you agree, and tries
the new remote. The share is a file, - for standard input, or a bucket or folder in which one is published.

The first time, compare the fingerprint of the signing key with the maker, by phone. coffer remembers it from then on, and
refuses a share that is signed by another key or is older than the last one.

The new remote uses your own login to the store: your remote of the same name and type, unless --base names another.

    coffer join allas-crypt.share
    coffer join allas:2001659-crypt
    coffer join --as project-b --base s3allas: allas-crypt.share`,
  arguments: { min: 1, max: 1 },
  flags,
  async run(context) {
    const [spec = ''] = context.args;
    const { flags, io } = context;
    if (spec === '-' && !flags.yes) {
      throw new Failure('usage', 'the share comes from standard input, so nothing can be asked: add --yes');
    }
    const found = await findShare(context, spec);
    const share = openShare(found.text, await openOwnKey(context));
    await checkLayers(share.layers);
    const request: JoinRequest = {
      share,
      name: flags.as,
      base: flags.base === undefined ? undefined : lastingSpec(flags.base),
      foundAt: found.publishedIn,
      foundBy: found.remote,
      accepted: { maker: flags['accept-maker'], older: flags['accept-older'] },
      environment: io.environment,
    };
    const file = context.configFile();
    const plan = await file.update((draft) => planJoin(request, draft));
    await io.stdout.write(planText(plan, share, file.path ?? ''));
    if (plan.changes.length > 0) {
      if (flags['dry-run'] || !(await isAgreed(context, plan))) return io.stdout.write('Nothing was changed.\n');
      await file.update((draft) => {
        // Meanwhile another command may have written to it.
        const isSame = JSON.stringify(planJoin(request, draft)) === JSON.stringify(plan);
        if (!isSame) throw new Failure('changed', 'your config has changed meanwhile: run the command again');
        applyPlan(plan, draft);
      });
    }
    await tryJoined(context, plan);
  },
});

async function isAgreed({ flags: given, io, session }: CommandContext<typeof flags>, plan: JoinPlan): Promise<boolean> {
  const replaced = plan.changes.filter(({ kind }) => kind === 'replace').map(({ section }) => section);
  if (given.yes && replaced.length > 0 && !given.force) {
    throw new Failure(
      'exists',
      `your config has ${replaced.join(', ')} already: --force replaces, --as NAME gives the new remote another name`,
    );
  }
  if (given.yes) return true;
  const dialog = openDialog(io, session.signal);
  await dialog.say(
    replaced.length > 0 ? `Replace ${replaced.join(', ')} in your config?` : 'Write this to your config?',
  );
  return confirm(dialog, false);
}

async function tryJoined(context: CommandContext, { remote, withoutLogin }: JoinPlan): Promise<void> {
  const say = (text: string): Promise<void> => context.io.stdout.write(`${text}\n`);
  if (withoutLogin !== null) {
    return say(
      `${withoutLogin}: has no login yet. Log in (coffer login, or coffer config update ${withoutLogin}), then try: coffer lsd ${remote}:`,
    );
  }
  try {
    await tryBeforeSaving(context, remote, new Map());
    await say(`${remote}: works`);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (error.kind === 'folder-not-found') {
      return say(
        `${remote}: is in your config. Its bucket or folder is not there: the first copy makes it. But if there should be data ` +
          'already, this is the wrong place: name the right one with --base',
      );
    }
    throw new Failure(error.kind, `${remote}: is in your config, but does not work: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
