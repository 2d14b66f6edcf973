import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Disconnects user from remote',
  help: `Gives up the login of a remote where its type knows how. None of coffer's does; \`coffer login --logout\` does it for
OpenStack.

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
