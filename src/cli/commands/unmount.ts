import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import { detach } from '../../mount/attach/detach.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { findMountedFolder, statusOf } from '../mount/mounted-folder.ts';
import { describePending } from '../mount/pending-text.ts';

export const command = defineCommand({
  usage: '/path/to/mountpoint',
  summary: 'Unmount a folder that coffer has mounted',
  help: `Takes a mounted folder away, and waits until what was written in it stands on the remote. Ctrl-C ends the waiting, not
the uploads; it tells which files have failed so far and are tried again. It refuses while programs are using the folder;
with --lazy it goes out of sight at once, and ends when they have left it.

    coffer unmount ~/allas`,
  arguments: { min: 1, max: 1 },
  flags: { lazy: toggle('Take it out of sight even while it is in use', 'z') },
  async run({ args, flags, log, session: { signal } }) {
    const [given = ''] = args;
    const folder = await findMountedFolder(given);
    const status = await statusOf(folder);
    if (!(await detach(folder.mountPoint, flags.lazy))) {
      const next = 'close what uses it (fuser -vm shows it), or add --lazy';
      throw new Failure('usage', `${given} is in use: ${next}`, { path: given });
    }
    if (!status || flags.lazy) return;
    if (status.pending.files > 0) log.notice(given, `still to be uploaded: ${describePending(status.pending)}`);
    // Once it is unmounted, nobody can ask it any more.
    for (const { path, message } of status.pending.failures) log.error(path, `is tried again: ${message}`);
    while (isRunning(status.pid)) await sleep(50, undefined, { signal });
  },
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process can be seen, and not reached.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
