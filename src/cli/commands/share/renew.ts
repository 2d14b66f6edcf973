import { defineCommand } from '../../command.ts';
import { keyFlags } from '../../keys.ts';
import { openOwnShare, renewOpenedShare } from '../../sharing/opened-share.ts';

export const command = defineCommand({
  usage: 'share',
  summary: 'Bring a share up to date with your config',
  help: `Writes a share that you made again, in its place, for the same people, with the passwords and the place that
your config has now. Those who have joined take them over by joining once more. \`coffer rekey\` does this to the share
that is published in the remote; one that you mail is yours to renew.

    coffer share renew allas-crypt.share`,
  arguments: { min: 1, max: 1 },
  flags: keyFlags,
  async run(context) {
    await renewOpenedShare(context, await openOwnShare(context, context.args[0] ?? ''));
  },
});
