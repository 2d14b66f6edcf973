import { Failure } from '../../core/failure.ts';
import { placeName } from '../../transfer/place.ts';
import { mayChange } from '../../transfer/session.ts';
import { defineCommand } from '../command.ts';

// Milliseconds: rclone's age.
const day = 24 * 60 * 60 * 1000;

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Remove what unfinished uploads left in the store',
  help: `Aborts uploads in parts that began more than a day ago and were never finished, for example because the machine went down.
On S3 their parts take up space, but no listing shows them. Works on a bucket, a folder in it, or all buckets of a remote.
Files are not touched. Only S3, and crypt remotes over it, have such uploads.

    coffer cleanup -v allas-s3:job_6`,
  arguments: { min: 1, max: 1 },
  flags: {},
  isRetried: true,
  async run({ args, location, session }) {
    const at = await location(args[0] ?? '');
    if (!at.remote.cleanUp) throw new Failure('unsupported', `${placeName(at)} doesn't support cleanup`);
    if (!(await mayChange(session, 'clean up old files', placeName(at)))) return;
    await at.remote.cleanUp(at.path, day, { signal: session.signal });
  },
});
