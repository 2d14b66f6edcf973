import { pinOf } from '../../../sharing/join-plan.ts';
import { complaintOf } from '../../../sharing/pin.ts';
import { defineCommand } from '../../command.ts';
import { keyFlags } from '../../keys.ts';
import { originLines, recipientLines, stackLine } from '../../sharing/describe.ts';
import { openNamedShare } from '../../sharing/opened-share.ts';

export const command = defineCommand({
  usage: 'share',
  summary: 'List who can open a share',
  help: `Shows who made a share and who can open it: the fingerprint of each public key, and its label. The share is a file, -
for standard input, a bucket in which one is published, or your remote on that bucket. Only its recipients can see this.

    coffer share list allas-crypt.share
    coffer share list allas-crypt:`,
  arguments: { min: 1, max: 1 },
  flags: keyFlags,
  async run(context) {
    const [spec = ''] = context.args;
    const { share, own, name, pin } = await openNamedShare(context, spec);
    const complaint = pin && complaintOf(name, pin, pinOf(share));
    if (complaint) context.log.notice(spec, complaint);
    await context.io.stdout.write(`${stackLine(share)}\n${originLines(share)}${recipientLines(share, own.public)}`);
  },
});
