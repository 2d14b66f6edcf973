import { Failure } from '../../core/failure.ts';
import { placeName } from '../../transfer/place.ts';
import { defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { aboutJson, aboutText } from '../format/about.ts';

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Get quota information from the remote',
  help: `Prints how much a remote holds and how much room it has, as far as its store tells: the total, used and free bytes, and
the number of objects.

    coffer about allas:
    coffer about --json .`,
  arguments: { min: 1, max: 1 },
  flags: {
    full: toggle('Full numbers instead of human-readable'),
    json: toggle('Format output as JSON'),
  },
  async run({ args, flags, io, location, session }) {
    const at = await location(args[0] ?? '');
    if (!at.remote.about) throw new Failure('unsupported', `${placeName(at)} doesn't support about`);
    const usage = await at.remote.about(at.path, { signal: session.signal });
    await io.stdout.write(flags.json ? aboutJson(usage) : aboutText(usage, flags.full));
  },
});
