import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';
import { toggle } from '../../flags.ts';
import { visible, visibleJson } from '../../log.ts';
import { type Asked, allStatuses, endedText, findMountedFolder, statusOf } from '../../mount/mounted-folder.ts';
import { describePending } from '../../mount/pending-text.ts';

export const command = defineCommand({
  usage: '[/path/to/mountpoint]',
  summary: 'Show what a mount still has to upload',
  help: `Prints which process serves a mounted folder, how much is not on the remote yet, and the last error of each file whose
upload failed and will be tried again. Without a path, it does so for all folders that you have mounted; with --json as an
array, in which mounts whose process has ended or does not answer have no "pid" but a "problem".

    coffer mount status
    coffer mount status --json ~/allas`,
  arguments: { min: 0, max: 1 },
  flags: { json: toggle('Format output as JSON') },
  async run({ args: [given], flags, io, log }) {
    const show = async (value: unknown, text: string): Promise<void> =>
      io.stdout.write(flags.json ? `${visibleJson(JSON.stringify(value))}\n` : text);
    if (given !== undefined) {
      const folder = await findMountedFolder(given);
      const status = await statusOf(folder);
      if (!status) throw new Failure('fatal', `${given}: ${endedText(folder.mountPoint)}`);
      return show({ ...folder, ...status }, describe({ folder, status }));
    }
    const all = await allStatuses();
    if (all.length === 0) log.notice('', 'you have no mounts');
    return show(
      all.map(({ folder, status, problem }) => ({ ...folder, ...status, problem })),
      all.map(describe).join(''),
    );
  },
});

function describe({ folder: { source, mountPoint }, status, problem }: Asked): string {
  const where = visible(`${source} at ${mountPoint}`);
  if (!status) return `${where}: ${visible(problem)}\n`;
  const { pid, pending } = status;
  const left = pending.files === 0 ? 'all is uploaded' : `still to be uploaded: ${describePending(pending)}`;
  const failures = pending.failures.map(({ path, message }) => `${visible(path)}: ${visible(message)}\n`);
  return `${where}, process ${pid}: ${left}\n${failures.join('')}`;
}
