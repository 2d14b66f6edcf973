import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';
import { toggle } from '../../flags.ts';

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Prints info about logged in user of remote',
  help: `Prints who is logged in to a remote, if its type supports that. None of coffer's types does; for OpenStack, use
\`coffer login --show\`.

    coffer config userinfo allas:`,
  arguments: { min: 1, max: 1 },
  flags: { json: toggle('Format output as JSON') },
  async run({ args, location }) {
    const [spec = ''] = args;
    const { remote } = await location(spec);
    // A local folder has no label.
    throw new Failure('usage', `${remote.label || 'local'} doesn't support UserInfo`);
  },
});
