import { Failure } from '../../core/failure.ts';
import { detach } from '../../mount/attach/detach.ts';
import { resolveMountPoint } from '../../mount/attach/mount-point.ts';
import { mountAt } from '../../mount/attach/mount-table.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';

export const command = defineCommand({
  usage: '/path/to/mountpoint',
  summary: 'Unmount a folder that coffer has mounted',
  help: `Takes a mounted folder away. It refuses while programs are using it; with --lazy the folder goes out of sight at once,
and ends when they have left it. What was written and not yet uploaded is uploaded by the process that served the mount.

    coffer unmount ~/allas`,
  arguments: { min: 1, max: 1 },
  flags: { lazy: toggle('Take it out of sight even while it is in use', 'z') },
  async run({ args, flags }) {
    const [given = ''] = args;
    const mountPoint = await resolveMountPoint(given);
    const entry = await mountAt(mountPoint);
    if (entry?.type !== 'fuse.coffer') {
      throw new Failure('usage', `${given}: coffer has mounted nothing there`, { path: given });
    }
    if (await detach(mountPoint, flags.lazy)) return;
    throw new Failure('usage', `${given} is in use: close what uses it (fuser -vm shows it), or add --lazy`, {
      path: given,
    });
  },
});
