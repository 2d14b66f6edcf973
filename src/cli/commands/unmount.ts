import { Failure } from '../../core/failure.ts';
import { isRunning } from '../../core/machine.ts';
import { pause } from '../../core/pause.ts';
import { detach } from '../../mount/attach/detach.ts';
import { hearEnd } from '../../mount/farewell.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { findMountedFolder, statusOf } from '../mount/mounted-folder.ts';
import { describePending, leftFailure, nextMount } from '../mount/pending-text.ts';

export const command = defineCommand({
  usage: '/path/to/mountpoint',
  summary: 'Unmount a folder that coffer has mounted',
  help: `Unmounts a folder, and waits until everything that was written in it is on the remote. Ctrl-C ends the waiting, not the
uploads. Files whose upload has failed so far, and will be tried again, are named. It fails if some could not be uploaded, and if
the mount crashed or was killed before it was done. It refuses while programs are using the folder; with --lazy the folder
disappears at once, and the mount ends when they have left it.

    coffer unmount ~/allas`,
  arguments: { min: 1, max: 1 },
  flags: { lazy: toggle('Unmount even while the folder is in use', 'z') },
  async run({ args, flags, log, session: { signal } }) {
    const [given = ''] = args;
    const folder = await findMountedFolder(given);
    // Nothing waits for a mount that only is to get out of sight: not even an answer, which may not come.
    const status = flags.lazy ? null : await statusOf(folder);
    const hearing = status && (await hearEnd(folder.mountPoint));
    if (!(await detach(folder.mountPoint, flags.lazy))) {
      const next = 'close what uses it (fuser -vm shows it), or add --lazy';
      throw new Failure('usage', `${given} is in use: ${next}`, { path: given });
    }
    if (flags.lazy) return;
    if (!status) throw untold(given);
    const { pid, pending } = status;
    if (pending.files > 0) log.notice(given, `still to be uploaded: ${describePending(pending)}`);
    // Once it is unmounted, nobody can ask it any more.
    for (const { path, message } of pending.failures) log.error(path, `is tried again: ${message}`);
    while (isRunning(pid)) await pause(50, signal);
    if (!hearing) {
      if (pending.files > 0) log.notice(given, 'only its log tells whether all of that was uploaded');
      return;
    }
    const end = hearing.heard();
    if (!end) throw untold(given);
    for (const { path, message } of end.pending.failures) log.error(path, `not uploaded: ${message}`);
    if (end.pending.files > 0) throw leftFailure(given, end.pending);
  },
});

function untold(mountPoint: string): Failure {
  const message = `${mountPoint} is unmounted, but the program behind it crashed or was killed: ${nextMount}`;
  return new Failure('fatal', message, { path: mountPoint });
}
