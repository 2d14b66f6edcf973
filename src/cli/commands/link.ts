import { Failure } from '../../core/failure.ts';
import { placeName } from '../../transfer/place.ts';
import { defineCommand } from '../command.ts';
import { durationFlag, toggle } from '../flags.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Generate public link to file/folder',
  help: `Prints an address from which anybody who has it can download a file, with a browser or curl and without a login. Only S3,
and remotes over it, have such links. They are valid for a week at most, which is also the default, and no longer than the
keys of your login. Nothing is stored, and a link cannot be taken back, except by replacing the keys that made it.

A link to a file of a crypt remote leads to the encrypted file.

    coffer link --expire 1d allas-s3:results/report.pdf
    curl -fsS -o report.pdf "$(coffer link --expire 5m allas-s3:results/report.pdf)"`,
  arguments: { min: 1, max: 1 },
  flags: {
    expire: durationFlag('The amount of time that the link will be valid', 'off'),
    unlink: toggle('Remove existing public link to file/folder'),
  },
  async run({ args, flags, io, location, session }) {
    const [spec = ''] = args;
    const at = await location(spec);
    if (!at.remote.link) throw new Failure('unsupported', `${placeName(at)} doesn't support public links`);
    if (flags.unlink) throw new Failure('unsupported', `${spec}: its links expire by themselves and cannot be revoked`);
    if (!(flags.expire > 0)) throw new Failure('usage', '--expire must be more than 0');
    if (spec.endsWith('/')) throw new Failure('not-found', `${spec}: only files have links`, { path: spec });
    await io.stdout.write(`${await at.remote.link(at.path, flags.expire, { signal: session.signal })}\n`);
  },
});
