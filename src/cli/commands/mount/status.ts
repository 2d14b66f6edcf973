import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';
import { toggle } from '../../flags.ts';
import { endedText, findMountedFolder, statusOf } from '../../mount/mounted-folder.ts';
import { describePending } from '../../mount/pending-text.ts';

export const command = defineCommand({
  usage: '/path/to/mountpoint',
  summary: 'Tell what a mount has still to upload',
  help: `Prints which process serves a mounted folder, what of it is not on the remote yet, and the last error of each file
whose upload failed and is tried again.

    coffer mount status ~/allas
    coffer mount status --json ~/allas`,
  arguments: { min: 1, max: 1 },
  flags: { json: toggle('Format output as JSON') },
  async run({ args, flags, io }) {
    const folder = await findMountedFolder(args[0] ?? '');
    const status = await statusOf(folder);
    if (!status) throw new Failure('fatal', `${args[0]}: ${endedText(folder.mountPoint)}`);
    if (flags.json) {
      await io.stdout.write(`${JSON.stringify({ ...folder, ...status })}\n`);
      return;
    }
    const { pid, pending } = status;
    const left = pending.files === 0 ? 'all is uploaded' : `still to be uploaded: ${describePending(pending)}`;
    const failures = pending.failures.map(({ path, message }) => `${path}: ${message}\n`);
    await io.stdout.write(`${folder.source} at ${folder.mountPoint}, process ${pid}: ${left}\n${failures.join('')}`);
  },
});
