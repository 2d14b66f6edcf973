import { defineCommand } from '../../command.ts';
import { keyFlags } from '../../keys.ts';
import { openOwnShare, renewOpenedShare } from '../../sharing/opened-share.ts';

export const command = defineCommand({
  usage: 'share',
  summary: 'Bring a share up to date with your config',
  help: `Writes a share that you made again, in the same place and for the same people, with the passwords and the place that are in
your config now. Those who have joined get them by joining once more. \`coffer rekey\` does this with the share that is
published in the remote; a share that you mailed you must renew yourself.

    coffer share renew allas-crypt.share`,
  arguments: { min: 1, max: 1 },
  flags: keyFlags,
  async run(context) {
    await renewOpenedShare(context, await openOwnShare(context, context.args[0] ?? ''));
  },
});
