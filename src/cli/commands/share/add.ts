import { Failure } from '../../../core/failure.ts';
import { renewShare, withRecipients } from '../../../sharing/changes.ts';
import { defineCommand } from '../../command.ts';
import { keyFlags } from '../../keys.ts';
import { recipientLines, stackLine } from '../../sharing/describe.ts';
import { openOwnShare, replaceShare } from '../../sharing/opened-share.ts';
import { readRecipients, toFlag } from '../../sharing/recipients.ts';

export const command = defineCommand({
  usage: 'share',
  summary: 'Let more people open a share',
  help: `Lets the holders of more public keys open a share that you made, and writes it in the same place. The data is not touched.
The share is a file, - for standard input (the new one goes to standard output), a bucket in which one is published, or your
remote on that bucket.

    coffer share add allas-crypt: --to siteC.pub
    coffer share add allas-crypt.share --to siteC.pub --to siteD.pub`,
  arguments: { min: 1, max: 1 },
  flags: { to: toFlag, ...keyFlags },
  async run(context) {
    const { flags, io } = context;
    if (flags.to.length === 0) throw new Failure('usage', 'say who else may open the share: --to their-key.pub');
    const more = await readRecipients(flags.to, io.environment);
    const opened = await openOwnShare(context, context.args[0] ?? '');
    const recipients = withRecipients(opened.share.recipients, more);
    const next = renewShare(opened.share, { recipients }, io.date());
    await replaceShare(context, opened, next);
    await io.stderr.write(`${stackLine(next)}\nSealed to:\n${recipientLines(next, opened.own.public)}`);
  },
});
