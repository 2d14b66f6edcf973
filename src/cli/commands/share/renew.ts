import { renewShare } from '../../../sharing/changes.ts';
import { hasCredentials } from '../../../sharing/option-roles.ts';
import { stackOf } from '../../../sharing/stack.ts';
import { defineCommand } from '../../command.ts';
import { keyFlags } from '../../keys.ts';
import { recipientLines } from '../../sharing/describe.ts';
import { openOwnShare, replaceShare } from '../../sharing/opened-share.ts';

export const command = defineCommand({
  usage: 'share',
  summary: 'Bring a share up to date with your config',
  help: `Writes a share that you made again, in its place, for the same people, with the passwords and the place that
your config has now, as after \`coffer rekey\`. Those who have joined take them over by joining once more.

    coffer share renew allas-crypt:`,
  arguments: { min: 1, max: 1 },
  flags: keyFlags,
  async run(context) {
    const { io, log } = context;
    const opened = await openOwnShare(context, context.args[0] ?? '');
    const { layers } = await stackOf(opened.name, {
      config: await context.config(),
      environment: io.environment,
      withCredentials: opened.share.layers.some(hasCredentials),
      report: log,
    });
    const next = renewShare(opened.share, { layers }, io.date());
    await replaceShare(context, opened, next);
    await io.stderr.write(`Sealed to:\n${recipientLines(next, opened.own.public)}`);
  },
});
