import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Disconnects user from remote',
  help: `Ends the login of a remote, if its type supports that. None of coffer's types does; for OpenStack, use
\`coffer login --logout\`.

    coffer config disconnect allas:`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, location }) {
    const [spec = ''] = args;
    const { remote } = await location(spec);
    // A local folder has no label.
    throw new Failure('usage', `${remote.label || 'local'} doesn't support Disconnect`);
  },
});
