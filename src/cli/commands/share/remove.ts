import { remainingRecipients, renewShare } from '../../../sharing/changes.ts';
import { defineCommand } from '../../command.ts';
import { keyFlags } from '../../keys.ts';
import { recipientLines, stackLine } from '../../sharing/describe.ts';
import { openOwnShare, replaceShare } from '../../sharing/opened-share.ts';

export const command = defineCommand({
  usage: 'share recipient...',
  summary: 'Take somebody out of a share',
  help: `Writes a share that you made again, in the same place, for those who remain. Name who is to leave by fingerprint (or its
beginning) or by label, as \`coffer share list\` shows them.

This does not take back what they have: whoever has joined knows the passwords, and an earlier copy of the share still
opens. Take away their access to the bucket, and give the data new passwords with \`coffer rekey\`.

    coffer share remove allas-crypt: siteB
    coffer share remove allas-crypt.share SHA256:6Z1lFKqUDYmPbWg0`,
  arguments: { min: 2, max: 1000 },
  flags: keyFlags,
  async run(context) {
    const [spec = '', ...words] = context.args;
    const { io } = context;
    const opened = await openOwnShare(context, spec);
    const next = renewShare(opened.share, { recipients: remainingRecipients(opened.share, words) }, io.date());
    await replaceShare(context, opened, next);
    await io.stderr.write(
      `${stackLine(next)}\nSealed to:\n${recipientLines(next, opened.own.public)}` +
        'Who was taken out still has the passwords, if they joined or kept a copy.\n' +
        `To shut them out, take away their access to the bucket, and run:\n\n    coffer rekey ${opened.name}:\n`,
    );
  },
});
